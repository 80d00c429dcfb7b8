#include "planner/feasibility.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <numeric>

#include "models/schedules/pipeline_schedule.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

using Rules = std::vector<BrokenRule>;

// Passes of a pipeline in one step: more would only fill memory, and no published run has a tenth.
constexpr std::int64_t most_passes = 4'000'000;

std::int64_t nearest_multiple(std::int64_t value, std::int64_t of) {
  return std::max<std::int64_t>(of, (value + of / 2) / of * of);
}

std::int64_t largest_divisor(std::int64_t of, std::int64_t at_most) {
  std::int64_t divisor = std::max<std::int64_t>(1, std::min(of, at_most));
  while (of % divisor != 0) --divisor;
  return divisor;
}

void check_batch(const ParallelStrategy& s, Rules& broken) {
  const std::int64_t together = static_cast<std::int64_t>(s.dp) * s.micro_batch;
  if (s.global_batch % together != 0) {
    broken.push_back(
        {"strategy.global_batch",
         fmt::format(
             "global_batch must be a multiple of dp x micro_batch = {} x {} = {}, and {} is not",
             s.dp, s.micro_batch, together, s.global_batch),
         fmt::format("global_batch = {} is the nearest",
                     nearest_multiple(s.global_batch, together))});
    return;
  }
  const std::int64_t micro_batches = s.global_batch / together;
  if (micro_batches * model_stages(s) > most_passes) {
    broken.push_back(
        {"strategy.global_batch",
         fmt::format("{} micro-batches through {} stages are {} passes, and at most {} "
                     "are simulated",
                     micro_batches, model_stages(s), micro_batches * model_stages(s), most_passes),
         "raise dp or micro_batch, or lower global_batch"});
    return;
  }
  const auto* row = find_row(builtin_schedules(), s.schedule);
  if (row == nullptr) return;
  const PipelineShape shape{s.pp, s.vpp, static_cast<int>(micro_batches)};
  if (const auto refusal = row->make()->refuses(shape)) {
    broken.push_back({"strategy.schedule", *refusal, ""});
  }
}

void check_stage_layers(const ModelConfig& model, const ParallelStrategy& s, Rules& broken) {
  const int stages = model_stages(s);
  if (static_cast<int>(s.stage_layers.size()) != stages) {
    broken.push_back(
        {"strategy.stage_layers",
         fmt::format("stage_layers has {} entries, and the model is cut into {} stages{}",
                     s.stage_layers.size(), stages,
                     has_chunks(s) ? fmt::format(" (pp x vpp = {} x {})", s.pp, s.vpp)
                                   : fmt::format(" (pp = {})", s.pp)),
         fmt::format("give {} entries, first stage to last", stages)});
    return;
  }
  const std::int64_t sum =
      std::accumulate(s.stage_layers.begin(), s.stage_layers.end(), std::int64_t{0});
  if (sum != model.layers) {
    broken.push_back({"strategy.stage_layers",
                      fmt::format("stage_layers add up to {}, and {} has {} layers", sum,
                                  model.name, model.layers),
                      fmt::format("{} {} layers", sum > model.layers ? "take away" : "add",
                                  std::abs(sum - model.layers))});
  }
}

void check_experts(const ModelConfig& model, const ParallelStrategy& s, Rules& broken) {
  if (!model.moe) {
    if (s.ep > 1 || s.etp > 1) {
      broken.push_back({s.ep > 1 ? "strategy.ep" : "strategy.etp",
                        fmt::format("{} has no experts to spread over ep x etp = {} x {}",
                                    model.name, s.ep, s.etp),
                        "remove ep and etp"});
    }
    return;
  }
  const int experts = model.moe->experts;
  if (s.ep > experts) {
    broken.push_back(
        {"strategy.ep",
         fmt::format("ep = {} is more than the {} experts of {}", s.ep, experts, model.name),
         fmt::format("ep = {} puts one expert on each GPU", experts)});
  } else if (experts % s.ep != 0) {
    broken.push_back(
        {"strategy.ep",
         fmt::format("ep = {} does not divide the {} experts of {}", s.ep, experts, model.name),
         fmt::format("use a divisor, such as {}", largest_divisor(experts, s.ep))});
  }
  if (model.moe->ffn_hidden % s.etp != 0) {
    broken.push_back(
        {"strategy.etp",
         fmt::format("etp = {} does not divide the expert width {}", s.etp, model.moe->ffn_hidden),
         ""});
  }
}

}  // namespace

std::optional<int> fixed_chunks(std::string_view schedule) {
  const auto* row = find_row(builtin_schedules(), schedule);
  return row == nullptr ? std::nullopt : row->make()->fixed_chunks();
}

bool has_chunks(const ParallelStrategy& strategy) { return fixed_chunks(strategy.schedule) != 1; }

int model_stages(const ParallelStrategy& s) { return has_chunks(s) ? s.pp * s.vpp : s.pp; }

std::vector<BrokenRule> strategy_rules(const ParallelStrategy& s) {
  Rules broken;
  if (s.zero_stage == 3 && s.schedule.starts_with("dualpipe")) {
    broken.push_back({"strategy.zero_stage",
                      fmt::format("zero_stage = 3 gathers the parameters of each pass, and {} runs "
                                  "two passes at once",
                                  s.schedule),
                      "use zero_stage = 1, or another schedule"});
  }
  if (s.sequence_parallel && s.tp == 1) {
    broken.push_back({"strategy.sequence_parallel",
                      "sequence_parallel splits activations over tp, and tp is 1",
                      "remove sequence_parallel, or raise tp"});
  }
  const std::optional<int> chunks = fixed_chunks(s.schedule);
  if (s.vpp > 1 && chunks == 1) {
    broken.push_back(
        {"strategy.vpp",
         fmt::format("vpp = {} deals model chunks to each rank, and the schedule {} has none",
                     s.vpp, s.schedule),
         "remove vpp, or use schedule = \"interleaved\""});
  } else if (chunks && s.vpp != *chunks) {
    broken.push_back(
        {"strategy.vpp",
         fmt::format("vpp = {}, and the schedule {} deals {} model chunks to each rank", s.vpp,
                     s.schedule, *chunks),
         fmt::format("remove vpp, or write vpp = {}", *chunks)});
  } else {
    check_batch(s, broken);
  }
  const std::int64_t of_stage = static_cast<std::int64_t>(s.tp) * s.cp * s.dp;
  const std::int64_t of_experts = static_cast<std::int64_t>(s.ep) * s.etp;
  if (of_stage % of_experts != 0) {
    broken.push_back(
        {"strategy.ep",
         fmt::format("ep x etp = {} x {} = {} must divide tp x cp x dp = {} x {} x {} = {}", s.ep,
                     s.etp, of_experts, s.tp, s.cp, s.dp, of_stage),
         fmt::format("the largest ep that does is {}",
                     largest_divisor(std::max<std::int64_t>(1, of_stage / s.etp), s.ep))});
  }
  return broken;
}

std::vector<BrokenRule> model_rules(const ModelConfig& model, const ParallelStrategy& s) {
  Rules broken;
  if (model.heads % s.tp != 0) {
    broken.push_back(
        {"strategy.tp",
         fmt::format("tp = {} does not divide the {} attention heads of {}", s.tp, model.heads,
                     model.name),
         fmt::format("use a divisor, such as {}", largest_divisor(model.heads, s.tp))});
  }
  if (!s.stage_layers.empty()) {
    check_stage_layers(model, s, broken);
  } else if (model_stages(s) > model.layers) {
    broken.push_back(
        {"strategy.pp",
         has_chunks(s)
             ? fmt::format("pp x vpp = {} x {} = {} stages are more than the {} layers of {}", s.pp,
                           s.vpp, model_stages(s), model.layers, model.name)
             : fmt::format("pp = {} stages are more than the {} layers of {}", s.pp, model.layers,
                           model.name),
         "lower it, or give stage_layers with 0 for stages without layers"});
  }
  check_experts(model, s, broken);
  return broken;
}

std::vector<BrokenRule> sequence_rules(const ParallelStrategy& s, int sequence_length) {
  Rules broken;
  if (sequence_length % s.cp != 0) {
    broken.push_back(
        {"strategy.cp",
         fmt::format("cp = {} does not divide sequence_length = {}", s.cp, sequence_length),
         fmt::format("use a divisor, such as {}", largest_divisor(sequence_length, s.cp))});
  } else if (s.sequence_parallel && sequence_length / s.cp % s.tp != 0) {
    broken.push_back(
        {"strategy.tp",
         fmt::format("sequence_parallel needs tp = {} to divide the {} tokens of a sequence", s.tp,
                     sequence_length / s.cp),
         ""});
  }
  return broken;
}

std::vector<BrokenRule> cluster_rules(const Cluster& cluster) {
  Rules broken;
  if (cluster.gpus % cluster.gpus_per_node != 0) {
    broken.push_back({"cluster.accelerators",
                      fmt::format("{} accelerators do not fill nodes of {}", cluster.gpus,
                                  cluster.gpus_per_node),
                      fmt::format("{} is the nearest multiple",
                                  nearest_multiple(cluster.gpus, cluster.gpus_per_node))});
  }
  if (broken.empty()) {
    if (const auto refusal = refuses_wiring(cluster)) {
      broken.push_back({"cluster." + refusal->setting, refusal->message, refusal->suggestion});
    }
  }
  return broken;
}

std::vector<BrokenRule> size_rules(const ParallelStrategy& s, const Cluster& cluster) {
  const std::int64_t rest = static_cast<std::int64_t>(s.tp) * s.pp * s.cp;
  if (rest * s.dp == cluster.gpus) return {};
  return {{"strategy.dp",
           fmt::format("tp x pp x cp x dp = {} x {} x {} x {} = {} must be the {} accelerators",
                       s.tp, s.pp, s.cp, s.dp, rest * s.dp, cluster.gpus),
           cluster.gpus % rest == 0
               ? fmt::format("dp = {} uses all of them", cluster.gpus / rest)
               : fmt::format("tp x pp x cp = {} must divide {} for any dp to fit", rest,
                             cluster.gpus)}};
}

std::vector<BrokenRule> precision_rules(const PrecisionRecipe& precision,
                                        const Accelerator& accelerator) {
  for (const Precision format : {precision.gemm, precision.attention, precision.head}) {
    if (accelerator.peak_of(format)) continue;
    std::string known;
    for (const auto& [p, rate] : accelerator.peak) {
      known += (known.empty() ? "" : ", ") + std::string(to_string(p));
    }
    return {{"training.precision",
             fmt::format("{} computes in {}, which {} lacks", precision.name, to_string(format),
                         accelerator.id),
             fmt::format("{} has {}", accelerator.id, known)}};
  }
  return {};
}

std::vector<BrokenRule> broken_rules(const StepSetup& setup) {
  const TrainingJob& job = setup.job;
  Rules broken = strategy_rules(job.strategy);
  for (const Rules& more :
       {model_rules(job.model, job.strategy), sequence_rules(job.strategy, job.sequence_length),
        cluster_rules(setup.cluster), size_rules(job.strategy, setup.cluster),
        precision_rules(job.precision, setup.cluster.accelerator)}) {
    broken.insert(broken.end(), more.begin(), more.end());
  }
  return broken;
}

}  // namespace fleetwright
