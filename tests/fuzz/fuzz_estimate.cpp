#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "models/core/error.hpp"
#include "planner/output/report_formats.hpp"
#include "planner/output/report_json.hpp"
#include "planner/report.hpp"
#include "planner/scenario.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

namespace {

/// A key of a scenario and what it may be set to. Two bytes of the input choose a setting.
struct Choice {
  const char* key;
  std::array<const char*, 10> values;  // the first may stand again
};

constexpr std::array choices{
    Choice{"model.config",
           {"llama-3.1-8b", "mixtral-8x7b", "deepseek-v2", "gpt-oss-120b", "qwen2.5-72b",
            "turing-nlg-530b", "deepseek-llm-7b", "qwen3-235b-a22b", "gpt3-175b", "deepseek-v3"}},
    Choice{"cluster.accelerator",
           {"H100-SXM", "A100-PCIE-40", "A800-SXM-80", "V100-SXM2-32", "H20-96", "B200-SXM",
            "GB200", "RTX4090", "ASCEND910B1", "L40S"}},
    Choice{"cluster.accelerators", {"8", "1", "2", "4", "16", "32", "64", "24", "6", "48"}},
    Choice{"cluster.gpus_per_node", {"8", "1", "2", "4", "3", "16", "8", "8", "8", "8"}},
    Choice{"cluster.topology",
           {"fat-tree", "single-switch", "multi-plane-fat-tree", "rail-only", "dragonfly",
            "fat-tree", "fat-tree", "fat-tree", "fat-tree", "fat-tree"}},
    Choice{"cluster.collective",
           {"auto", "ring", "tree", "halving-doubling", "hierarchical", "in-network", "nvls-tree",
            "pairwise", "node-limited", "auto"}},
    Choice{"cluster.in_network_reduction",
           {"true", "false", "true", "true", "true", "true", "true", "true", "true", "true"}},
    Choice{"cluster.oversubscription",
           {"1.0", "2.0", "1.5", "8.0", "1.0", "1.0", "1.0", "1.0", "1.0", "1.0"}},
    Choice{"cluster.switch_ports", {"64", "2", "4", "8", "16", "3", "64", "64", "64", "64"}},
    Choice{"strategy.tp", {"1", "2", "4", "8", "3", "6", "16", "1", "1", "1"}},
    Choice{"strategy.pp", {"1", "2", "4", "8", "3", "6", "16", "1", "1", "1"}},
    Choice{"strategy.cp", {"1", "2", "4", "8", "3", "1", "1", "1", "1", "1"}},
    Choice{"strategy.ep", {"1", "2", "4", "8", "16", "32", "3", "1", "1", "1"}},
    Choice{"strategy.etp", {"1", "2", "4", "8", "3", "1", "1", "1", "1", "1"}},
    Choice{"strategy.zero_stage", {"0", "1", "2", "3", "0", "1", "2", "3", "0", "1"}},
    Choice{"strategy.vpp", {"1", "2", "3", "4", "1", "1", "1", "1", "1", "1"}},
    Choice{"strategy.schedule",
           {"1f1b", "interleaved", "zb-h1", "zb-v", "v-half", "v-min", "dualpipe", "dualpipe-v",
            "1f1b", "1f1b"}},
    Choice{
        "strategy.recompute",
        {"none", "selective", "full", "none", "selective", "full", "full", "full", "full", "full"}},
    Choice{"strategy.sequence_parallel",
           {"true", "false", "true", "true", "true", "true", "true", "true", "true", "true"}},
    Choice{"strategy.micro_batch", {"1", "2", "4", "3", "8", "1", "1", "1", "1", "1"}},
    Choice{"strategy.global_batch", {"16", "1", "2", "4", "8", "24", "32", "48", "64", "128"}},
    Choice{"strategy.pipeline_layout",
           {"even", "balanced", "by-weight", "even", "balanced", "by-weight", "balanced",
            "balanced", "balanced", "balanced"}},
    Choice{"training.sequence_length",
           {"4096", "1", "2", "128", "1024", "3000", "8192", "32768", "131072", "2048"}},
    Choice{"training.precision",
           {"bf16", "fp16", "fp8", "fp8-block", "mxfp8", "bf16-pure", "bf16-reduced", "bf16-fsdp",
            "fp8-fsdp", "nvfp4"}},
    Choice{"training.software",
           {"megatron-core", "deepseek", "megatron-2021", "llama3", "megatron-deepspeed",
            "nanotron", "pytorch-fsdp", "torchtitan", "xla", "deepspeed"}},
    Choice{"training.expert_imbalance",
           {"1.0", "1.2", "2.0", "10.0", "1.0", "1.0", "1.0", "1.0", "1.0", "1.0"}},
};

constexpr const char* base =
    "[model]\nconfig = \"llama-3.1-8b\"\n[cluster]\naccelerator = \"H100-SXM\"\n"
    "accelerators = 8\n[strategy]\ntp = 2\nrecompute = \"full\"\nzero_stage = 1\n"
    "global_batch = 16\n[training]\nsequence_length = 4096\ntokens = \"1 B tokens\"\n"
    "[price]\nrent = \"$2.00 / h\"\nsource = \"s\"\n[power]\npue = 1.2\nsource = \"s\"\n";

// The four parts of each rank are the step, and everything is a finite time.
void check(const Report& report) {
  const double step = report.step.time.si();
  ensure(std::isfinite(step) && step > 0, "a step takes time");
  for (const RankTime& t : report.step.ranks) {
    const std::array parts{t.compute.si(), t.exposed_communication.si(), t.bubble.si(),
                           t.optimizer.si()};
    double sum = 0;
    for (const double part : parts) {
      ensure(part >= -1e-6 * step, "a part of a step is no less than nothing");
      sum += part;
    }
    ensure(std::abs(sum - step) <= 1e-6 * step, "the parts of a rank's time are the step");
  }
  ensure(report.total_gpu_hours > 0, "a run takes hours");
  ensure(!report_json(report).empty() && !report_table(report).empty(), "a report can be printed");
}

}  // namespace

// A scenario that reads well has an answer, or what it lacks is said.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view bytes) {
    std::vector<std::string> settings;
    for (std::size_t i = 0; i + 1 < bytes.size() && settings.size() < 32; i += 2) {
      const auto at = [&](std::size_t j) { return static_cast<unsigned char>(bytes[j]); };
      const Choice& choice = choices[at(i) % choices.size()];
      settings.push_back(std::string(choice.key) + "=" +
                         choice.values[at(i + 1) % choice.values.size()]);
    }
    check(make_report(read_scenario(fuzzing::input_file(base), settings), AnalyticEstimator()));
    return true;
  });
}
