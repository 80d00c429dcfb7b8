#include "planner/validation/case_setup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/core/data_files.hpp"
#include "models/core/suggest.hpp"
#include "models/schedules/pipeline_schedule.hpp"
#include "planner/feasibility.hpp"
#include "planner/fusions.hpp"
#include "planner/validation/case_model.hpp"
#include "planner/validation/network_words.hpp"

namespace fleetwright {
namespace {

using Assumed = std::vector<std::string>;

std::string_view word_of(Recompute recompute) {
  constexpr std::array<std::string_view, 3> words{"none", "selective", "full"};
  return words.at(static_cast<std::size_t>(recompute));
}

template <typename T>
T stated_or(const std::optional<T>& stated, T usual, std::string_view what, Assumed& assumed) {
  if (stated) return *stated;
  assumed.push_back(fmt::format("{} {}", what, usual));
  return usual;
}

// Fewer GPUs than a domain holds, or a part of each domain: racks of 72 are run as 64 of them.
int gpus_of_a_node(int gpus, int domain) {
  int node = std::min(gpus, domain);
  while (gpus % node != 0) --node;
  return node;
}

Cluster cluster_of(const ValidationCase& c, const Accelerator& accelerator,
                   const std::map<std::string, Link>& links, Assumed& assumed) {
  Cluster cluster;
  cluster.accelerator = accelerator;
  cluster.scale_up = links.at(accelerator.scale_up_link);
  cluster.gpus = c.gpus;
  const int domain =
      stated_or(c.gpus_per_node, std::max(1, static_cast<int>(accelerator.scale_up_domain.value)),
                "gpus_per_node", assumed);
  cluster.gpus_per_node = gpus_of_a_node(c.gpus, domain);
  const StatedNetwork network = read_network_words(c.network, accelerator, domain, links);
  cluster.nic = network.nic;
  // A part of a node has its part of the NICs, and never more than one NIC for each GPU counts.
  cluster.nics_per_node = std::max(1, network.nics_per_node * cluster.gpus_per_node / domain);
  cluster.nics_per_node = std::min(cluster.nics_per_node, cluster.gpus_per_node);
  if (network.several_planes) cluster.topology = "multi-plane-fat-tree";
  const bool one_node = cluster.gpus == cluster.gpus_per_node;
  if (!network.assumed.empty() && !one_node) assumed.push_back(network.assumed);
  return cluster;
}

// Interleaving without the number of chunks: the fewest that cut the layers evenly.
int usual_chunks(const ValidationCase& c, const ParallelStrategy& s) {
  for (int chunks = 2; s.pp * chunks <= c.model.layers; ++chunks) {
    if (c.model.layers % (s.pp * chunks) == 0) return chunks;
  }
  return 1;
}

void choose_schedule(const ValidationCase& c, ParallelStrategy& s, Assumed& assumed) {
  std::string stated = c.schedule.value_or("");
  s.vpp = c.vpp.value_or(1);
  if (s.pp == 1) {
    s.vpp = 1;
    s.schedule = "1f1b";
    return;
  }
  if (stated.empty()) {
    stated = s.vpp > 1 ? "interleaved" : "1f1b";
    assumed.push_back("schedule " + stated);
  }
  if (stated == "zero-bubble" || stated == "dualpipe") {
    s.schedule = stated == "dualpipe" ? "dualpipe" : "zb-h1";
    s.vpp = fixed_chunks(s.schedule).value_or(1);
    return;
  }
  if (!c.vpp) {
    s.vpp = stated == "interleaved" ? usual_chunks(c, s) : 1;
    assumed.push_back(fmt::format("vpp {}", s.vpp));
  }
  s.schedule = s.vpp > 1 ? "interleaved" : "1f1b";
}

ParallelStrategy strategy_of(const ValidationCase& c, Recompute usual_recompute,
                             const PublishedWords::Framework& framework, Assumed& assumed) {
  ParallelStrategy s;
  s.tp = stated_or(c.tp, 1, "tp", assumed);
  s.pp = stated_or(c.pp, 1, "pp", assumed);
  s.cp = stated_or(c.cp, 1, "cp", assumed);
  const int rest = s.tp * s.pp * s.cp;
  s.dp = stated_or(c.dp, std::max(1, c.gpus / rest), "dp", assumed);
  if (c.model.moe) {
    s.ep = stated_or(c.ep, 1, "ep", assumed);
    s.etp = stated_or(c.etp, 1, "etp", assumed);
  }
  s.zero_stage = stated_or(c.zero_stage, framework.zero_stage, "zero", assumed);
  s.sequence_parallel = stated_or(c.sequence_parallel, false, "sp", assumed) && s.tp > 1;
  if (!c.recompute) assumed.push_back(fmt::format("recompute {}", word_of(usual_recompute)));
  s.recompute = c.recompute.value_or(usual_recompute);
  s.micro_batch =
      stated_or(c.micro_batch, framework.micro_batch(c.model.hidden), "micro_batch", assumed);
  s.global_batch = c.global_batch;
  choose_schedule(c, s, assumed);
  return s;
}

// The layers do not divide: dealt by cost, as frameworks' layout options are used.
void choose_layout(StepSetup& setup, Assumed& assumed) {
  const ParallelStrategy& s = setup.job.strategy;
  setup.pipeline_layout = setup.stack.pipeline_layout.value;
  const bool even = setup.job.model.layers % model_stages(s) == 0;
  if (even || setup.pipeline_layout == "by-weight") return;
  setup.pipeline_layout = "balanced";
  assumed.emplace_back("layers dealt by cost");
}

std::string joined(const std::vector<BrokenRule>& rules) {
  std::string out;
  for (const BrokenRule& r : rules) out += (out.empty() ? "" : "; ") + r.message;
  return out;
}

}  // namespace

CaseData read_case_data() {
  CaseData data{
      catalogue(), {}, PublishedWords::read(data_file("planner/data/published_words.toml"))};
  for (const std::string& name : data.catalogue.models) {
    data.zoo.emplace(plain_name(name),
                     read_model_config(data_file("models/zoo/" + name + ".json")));
  }
  return data;
}

CaseSetup set_up_case(const ValidationCase& c, const CaseData& data) {
  CaseSetup result;
  if (!c.wrong.empty()) {
    result.reason = "the row cannot be read: " + c.wrong.front().message;
    return result;
  }
  const Catalogue& known = data.catalogue;
  const auto accelerator = known.accelerators.find(c.gpu);
  if (accelerator == known.accelerators.end()) {
    result.reason = fmt::format("unknown accelerator '{}'; {}", c.gpu,
                                did_you_mean(c.gpu, names_of(known.accelerators)));
    return result;
  }
  Assumed& assumed = result.assumed;
  StepSetup setup;
  const std::string precision = c.precision.empty() ? "bf16" : c.precision;
  if (c.precision.empty()) assumed.emplace_back("precision bf16");
  const std::string words =
      fmt::format("{}; {}; {}; {}", c.framework, c.model.name, c.options, c.source);
  auto framework = data.words.framework(c.framework, c.source, precision);
  if (!framework) {
    framework.emplace().software = "megatron-core";
    assumed.emplace_back("framework megatron-core");
  }
  setup.stack = known.software.at(framework->software);
  data.words.apply_options(words, c.gpus, setup.stack);
  const auto recipe = data.words.recipe(precision, c.options, setup.stack.id);
  if (!recipe) {
    result.reason = fmt::format("no recipe for precision '{}'", precision);
    return result;
  }
  setup.job.model = model_of_case(c, data.zoo, assumed);
  if (setup.job.model.ffn_hidden < framework->ties_below) setup.job.model.tied_embeddings = true;
  setup.job.precision = known.precisions.at(*recipe);
  setup.job.sequence_length = c.sequence_length;
  apply_fusions(setup.stack, setup.job);
  setup.job.strategy =
      strategy_of(c, data.words.recompute(words, framework->recompute), *framework, assumed);
  result.first_rank_memory = framework->first_rank_memory;
  setup.cluster = cluster_of(c, accelerator->second, known.links, assumed);
  choose_layout(setup, assumed);
  auto broken = broken_rules(setup);
  // More stages than layers: the layout leaves some of them to the embedding and the head.
  if (setup.pipeline_layout != "even") {
    std::erase_if(broken, [](const BrokenRule& r) { return r.setting == "strategy.pp"; });
  }
  if (!broken.empty()) {
    result.reason = joined(broken);
    return result;
  }
  result.setup = std::move(setup);
  return result;
}

}  // namespace fleetwright
