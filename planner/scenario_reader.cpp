#include "planner/scenario_reader.hpp"

#include <fmt/format.h>

#include "models/core/suggest.hpp"
#include "models/schedules/pipeline_schedule.hpp"
#include "planner/fusions.hpp"

namespace fleetwright {
namespace {

// Bounds of what is read as "absurdly large": ten times the largest figure anyone has announced.
constexpr Range<std::int64_t> degree{1, 65'536};
constexpr Range<std::int64_t> replicas{1, 1'000'000};
constexpr Range<std::int64_t> sequences{1, 100'000'000};
constexpr Range<std::int64_t> context{1, 100'000'000};
constexpr Range<std::int64_t> layers_of_stage{0, 100'000};

}  // namespace

ScenarioReader::ScenarioReader(const TomlMap& document, std::string file)
    : document_(document),
      file_(std::move(file)),
      catalogue_(catalogue()),
      root_(TomlTable(document, {file_, 1, 1}, "", diagnostics_), diagnostics_, settings_) {}

template <typename Read>
bool ScenarioReader::clean(Read read) {
  const std::size_t before = diagnostics_.all().size();
  read();
  return diagnostics_.all().size() == before;
}

SourceLocation ScenarioReader::where(std::string_view setting) const {
  const auto dot = setting.find('.');
  const TomlEntry* table = document_.find(setting.substr(0, dot));
  if (table == nullptr) return {file_, 1, 1};
  const auto* map = std::get_if<TomlMap>(&table->value.data);
  const TomlEntry* entry = map == nullptr ? nullptr : map->find(setting.substr(dot + 1));
  return entry == nullptr ? table->value.where : entry->value.where;
}

void ScenarioReader::add(const std::vector<BrokenRule>& rules) {
  for (const BrokenRule& r : rules) diagnostics_.add(where(r.setting), r.message, r.suggestion);
}

Scenario ScenarioReader::read() {
  scenario_.file = file_;
  read_head();
  const bool model = clean([&] { read_model(); });
  const bool cluster = clean([&] { read_cluster(); });
  const bool training = clean([&] { read_training(); });
  const bool strategy = clean([&] { read_strategy(); });
  const StepSetup& setup = scenario_.setup;
  const TrainingJob& job = setup.job;
  if (cluster && training) settle_islands();
  if (cluster) add(cluster_rules(setup.cluster));
  if (strategy) add(strategy_rules(job.strategy));
  if (strategy && model) add(model_rules(job.model, job.strategy));
  if (strategy && training) add(sequence_rules(job.strategy, job.sequence_length));
  if (strategy && cluster) add(size_rules(job.strategy, setup.cluster));
  if (training && cluster) add(precision_rules(job.precision, setup.cluster.accelerator));
  read_phases();
  read_price();
  read_power();
  read_cost();
  read_procurement();
  read_reliability();
  read_variation();
  read_claims();
  root_.table().refuse_unknown_keys();
  if (diagnostics_.empty()) check_slow_links();
  diagnostics_.throw_if_any();
  for (const DescribedSetting& s : settings_) scenario_.settings.push_back(s.setting);
  return std::move(scenario_);
}

void ScenarioReader::read_strategy() {
  SettingReader in(root_, "strategy");
  ParallelStrategy& s = scenario_.setup.job.strategy;
  s.tp = in.integer_or("tp", degree, 1, "no tensor parallelism");
  s.pp = in.integer_or("pp", degree, 1, "no pipeline parallelism");
  s.cp = in.integer_or("cp", degree, 1, "no context parallelism");
  s.ep = in.integer_or("ep", degree, 1, "no expert parallelism");
  s.etp = in.integer_or("etp", degree, 1, "experts are not split");
  if (in.has("dp")) {
    s.dp = in.integer_or("dp", replicas, 1, "");
  } else {
    read_default_dp(in);
  }
  s.zero_stage = in.integer_or("zero_stage", {0, 3}, 0, "nothing is sharded over dp");
  s.sequence_parallel = in.boolean_or("sequence_parallel", false, "off");
  const std::string recompute =
      in.choice_or("recompute", {"none", "selective", "full"}, "none", "activations are kept");
  s.recompute = recompute == "full"        ? Recompute::full
                : recompute == "selective" ? Recompute::selective
                                           : Recompute::none;
  read_schedule(in);
  s.micro_batch = in.integer_or("micro_batch", sequences, 1, "one sequence at a time");
  const auto batch = in.integer("global_batch", sequences);
  in.table().require("global_batch", "1024");
  s.global_batch = static_cast<int>(batch.value_or(1));
  read_layout(in);
  in.table().refuse_unknown_keys();
}

// vpp says which schedule is meant, or the schedule how many model chunks a rank holds.
void ScenarioReader::read_schedule(SettingReader& in) {
  ParallelStrategy& s = scenario_.setup.job.strategy;
  const auto vpp = in.table().integer("vpp", degree);
  const bool chunked = vpp.value_or(1) > 1;
  s.schedule =
      in.choice_or("schedule", names_of(builtin_schedules()), chunked ? "interleaved" : "1f1b",
                   chunked ? "vpp is more than 1" : "the usual one");
  const int chunks = fixed_chunks(s.schedule).value_or(1);
  s.vpp = static_cast<int>(vpp.value_or(chunks));
  if (vpp) in.note("vpp", fmt::format("{}", *vpp), allowed::integers(degree));
  if (in.has("vpp")) return;
  in.note_default("vpp", fmt::format("{}", chunks),
                  chunks == 1 ? "one model chunk a rank" : "strategy.schedule",
                  allowed::integers(degree));
}

void ScenarioReader::read_default_dp(SettingReader& in) {
  ParallelStrategy& s = scenario_.setup.job.strategy;
  const std::int64_t rest = static_cast<std::int64_t>(s.tp) * s.pp * s.cp;
  const int gpus = scenario_.setup.cluster.gpus;
  static_cast<void>(in.table().integer("dp", replicas));  // a known key, though absent
  if (gpus == 0) return;                                  // diagnosed in [cluster]
  if (gpus % rest != 0) {
    diagnostics_.add(
        where("cluster.accelerators"),
        fmt::format("tp x pp x cp = {} x {} x {} = {} does not divide the {} accelerators", s.tp,
                    s.pp, s.cp, rest, gpus),
        gpus > rest ? fmt::format("{} accelerators would do", gpus / rest * rest)
                    : fmt::format("at least {} accelerators are needed", rest));
    return;
  }
  s.dp = static_cast<int>(gpus / rest);
  in.note_default("dp", fmt::format("{}", s.dp), "accelerators / (tp x pp x cp)",
                  allowed::integers(replicas));
}

void ScenarioReader::read_layout(SettingReader& in) {
  TomlTable& table = in.table();
  ParallelStrategy& s = scenario_.setup.job.strategy;
  std::string& layout = scenario_.setup.pipeline_layout;
  const std::string& stacks = scenario_.setup.stack.pipeline_layout.value;
  if (const auto layers = table.integers("stage_layers", layers_of_stage)) {
    s.stage_layers.assign(layers->begin(), layers->end());
    in.note("stage_layers", fmt::format("[{}]", fmt::join(s.stage_layers, ", ")),
            allowed::lists(allowed::integers(layers_of_stage)));
    if (in.has("pipeline_layout")) {
      table.error("pipeline_layout", "stage_layers and pipeline_layout exclude each other",
                  "remove one of them");
    }
    static_cast<void>(table.text("pipeline_layout"));
    return;
  }
  layout = in.choice_or("pipeline_layout", {"even", "balanced", "by-weight"},
                        stacks.empty() ? "even" : stacks, "training.software");
}

void ScenarioReader::read_training() {
  SettingReader in(root_, "training");
  TomlTable& table = in.table();
  TrainingJob& job = scenario_.setup.job;
  job.sequence_length = static_cast<int>(in.integer("sequence_length", context).value_or(0));
  table.require("sequence_length", "4096");
  scenario_.main_phase = in.text_or("phase", scenario_.main_phase, "the usual one");
  if (const auto tokens = in.quantity<Tokens>("tokens")) scenario_.tokens = tokens->si();
  table.require("tokens", "\"14.8 T tokens\"");
  const std::string precision = in.choice_or(
      "precision", fleetwright::names_of(catalogue_.precisions), "bf16", "the usual recipe");
  if (const auto it = catalogue_.precisions.find(precision); it != catalogue_.precisions.end()) {
    job.precision = it->second;
  }
  const std::string software = in.choice_or("software", fleetwright::names_of(catalogue_.software),
                                            "megatron-core", "the usual framework");
  if (const auto it = catalogue_.software.find(software); it != catalogue_.software.end()) {
    scenario_.setup.stack = it->second;
    apply_fusions(scenario_.setup.stack, job);
  }
  job.expert_imbalance = in.number_or("expert_imbalance", {1.0, 1000.0}, 1.0, "balanced routing");
  table.refuse_unknown_keys();
}

}  // namespace fleetwright
