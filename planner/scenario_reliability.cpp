// The table of a scenario that says what fails and how the run recovers.

#include <fmt/format.h>

#include <algorithm>

#include "models/core/error.hpp"
#include "models/core/suggest.hpp"
#include "planner/scenario_reader.hpp"
#include "profiles/failure_pool.hpp"

namespace fleetwright {
namespace {

constexpr std::string_view pooled = "pooled";
// More spares than nodes of the largest cluster help nobody.
constexpr Range<std::int64_t> spares{0, 1'000'000};
constexpr Range<std::int64_t> simulated_runs{0, 100'000};
constexpr Range<std::int64_t> seeds{0, 1'000'000'000};

using Records = std::map<std::string, FailureRecord>;

std::vector<std::string> names_with(const Records& records, bool (*has)(const FailureRecord&)) {
  std::vector<std::string> names;
  for (const auto& [id, record] : records) {
    if (has(record)) names.push_back(id);
  }
  return names;
}

bool has_rates(const FailureRecord& r) { return !r.stops.empty() && !r.shares; }
bool has_slowdowns(const FailureRecord& r) { return !r.slowdowns.empty(); }

}  // namespace

void ScenarioReader::read_reliability() {
  if (!root_.has("reliability")) {
    for (std::size_t i = 0; i < scenario_.islands.size(); ++i) {
      if (!scenario_.islands[i].failures) continue;
      diagnostics_.add(island_words_[i].where,
                       fmt::format("island '{}' says what fails there, but nothing says how the "
                                   "run recovers",
                                   scenario_.islands[i].name),
                       "add [reliability]");
    }
    return static_cast<void>(root_.table().table("reliability"));
  }
  SettingReader in(root_, "reliability");
  ReliabilitySettings r;
  read_failures(in, r);
  read_recovery(in, r);
  read_checkpoints(in, r);
  r.runs = in.integer_or("runs", simulated_runs, 200, "enough for percentiles");
  r.seed = static_cast<std::uint64_t>(in.integer_or("seed", seeds, 1, "any"));
  in.table().refuse_unknown_keys();
  scenario_.reliability = std::move(r);
}

// A rate of its own, with its source, or that of a published cluster.
void ScenarioReader::read_failures(SettingReader& in, ReliabilitySettings& r) {
  TomlTable& table = in.table();
  const Records& records = catalogue_.failures;
  // A node that fails a hundred times a day is no node; Meta publishes 0.0065.
  const auto own = in.number("failures_per_node_day", {0.0, 100.0});
  std::vector<std::string> known = names_with(records, has_rates);
  known.emplace_back(pooled);
  const auto from = in.choice("failures", known);
  const auto leave_out = table.texts("leave_out");
  if (leave_out) {
    std::vector<std::string> quoted;
    for (const std::string& id : *leave_out) quoted.push_back(SettingReader::quoted(id));
    in.note("leave_out", fmt::format("[{}]", fmt::join(quoted, ", ")), allowed::lists());
  }
  if (in.has("failures") && in.has("failures_per_node_day")) {
    table.error("failures", "failures and failures_per_node_day exclude each other",
                "remove one of them");
  } else if (!in.has("failures")) {
    table.require("failures_per_node_day", "0.0065, or failures = \"pooled\"");
  }
  const std::string text =
      in.has("failures") ? in.text_or("source", "", "the records") : source(in);
  if (own) {
    r.stops = {{"node", Part::node, std::nullopt, Hertz{*own / 86400.0}, true, false}};
    r.stops_from = {ProvenanceKind::published, text};
  } else if (from) {
    read_records(table, *from, leave_out.value_or(std::vector<std::string>{}), r);
  }
  const std::vector<std::string> slow = names_with(records, has_slowdowns);
  std::vector<std::string> choices = slow;
  choices.emplace_back("none");
  const std::string parts = in.choice_or("slowdowns", choices, from ? slow.front() : "none",
                                         from ? "what was published" : "none given");
  if (const auto it = records.find(parts); it != records.end()) {
    r.slowdowns = it->second.slowdowns;
    r.slowdowns_from = it->second.provenance;
  }
}

void ScenarioReader::read_records(TomlTable& table, const std::string& from,
                                  const std::vector<std::string>& leave_out,
                                  ReliabilitySettings& r) const {
  const Records& records = catalogue_.failures;
  if (from != pooled) {
    if (!leave_out.empty()) {
      table.error("leave_out", "leave_out is for failures = \"pooled\"", "remove it");
    }
    const FailureRecord& record = records.at(from);
    for (StopRecord stop : record.stops) {
      stop.rate = rate_of(record, stop);
      r.stops.push_back(std::move(stop));
    }
    r.stops_from = record.provenance;
    return;
  }
  const std::vector<std::string> known = fleetwright::names_of(records);
  for (const std::string& id : leave_out) {
    if (records.contains(id)) continue;
    table.error("leave_out", fmt::format("unknown record '{}' in leave_out", id),
                did_you_mean(id, known));
    return;
  }
  try {
    const FailurePool pool = pool_failures(records, leave_out);
    r.stops = pool.stops;
    r.spread = pool.spread;
    r.stops_from = pool.provenance;
  } catch (const Error& e) {
    table.error("leave_out", e.what(), "leave fewer out");
  }
}

void ScenarioReader::read_recovery(SettingReader& in, ReliabilitySettings& r) {
  // Whoever gives the restart has thought of detection; it may be part of it.
  const FailureRecord& usual = catalogue_.failures.at("megascale");
  const bool own = in.has("restart");
  const auto time_or = [&](std::string_view key, const std::optional<Sourced<Seconds>>& fallback,
                           bool part_of_restart) {
    if (const auto time = in.quantity<Seconds>(key)) return *time;
    if (in.has(key)) return Seconds{};  // diagnosed
    if (part_of_restart) {
      in.note_default(key, "", "part of restart", allowed::quantities<Seconds>());
      return Seconds{};
    }
    in.note_default(key, fmt::format("\"{:g} s\"", fallback->value.si()), usual.description,
                    allowed::quantities<Seconds>());
    return fallback->value;
  };
  r.restart = time_or("restart", usual.restart, false);
  r.detection = time_or("detection", usual.detection, own);
  r.recovery_from = own ? r.stops_from : usual.restart->provenance;
  if (const auto nodes = in.optional_integer("spare_nodes", spares, "one is always at hand")) {
    r.spare_nodes = static_cast<int>(*nodes);
  }
  r.repair = time_or("repair", usual.repair, false);
}

void ScenarioReader::read_checkpoints(SettingReader& in, ReliabilitySettings& r) {
  TomlTable& table = in.table();
  r.checkpoint_write = in.quantity<Seconds>("checkpoint_write");
  if (in.has("storage_bandwidth")) {
    r.storage = read_storage(in);
  } else {
    table.require("checkpoint_write", "\"30 s\", or storage_bandwidth = \"2 TB/s\"");
    static_cast<void>(table.boolean("asynchronous"));
    static_cast<void>(table.boolean("own_network"));
    static_cast<void>(table.quantity<BytesPerSecond>("host_copy"));
    for (const char* key : {"asynchronous", "own_network", "host_copy"}) {
      if (in.has(key)) table.error(key, fmt::format("{} needs a storage_bandwidth", key));
    }
  }
  if (in.has("checkpoint_write") && in.has("storage_bandwidth")) {
    table.error("checkpoint_write", "checkpoint_write and storage_bandwidth exclude each other",
                "remove one of them");
  }
  r.checkpoint_interval = in.quantity<Seconds>("checkpoint_interval");
  const std::string rule = in.choice_or("interval_rule", {"young", "daly", "exact"}, "daly",
                                        "Daly's optimum, Young's where checkpoints are cheap");
  r.rule = rule == "young"   ? IntervalRule::young
           : rule == "exact" ? IntervalRule::exact
                             : IntervalRule::daly;
  if (!in.has("checkpoint_interval")) {
    in.note_default("checkpoint_interval", "", "reliability.interval_rule",
                    allowed::quantities<Seconds>());
  }
}

CheckpointStorage ScenarioReader::read_storage(SettingReader& in) {
  CheckpointStorage storage;
  storage.bandwidth = in.quantity<BytesPerSecond>("storage_bandwidth").value_or(BytesPerSecond{});
  storage.asynchronous = in.boolean_or("asynchronous", false, "training waits for the storage");
  storage.own_network = in.boolean_or("own_network", false, "the NICs of training");
  const std::string& link = scenario_.setup.cluster.accelerator.host_link;
  const auto known = catalogue_.links.find(link);
  if (const auto copy = in.quantity<BytesPerSecond>("host_copy")) {
    storage.host_copy = *copy;
  } else if (known != catalogue_.links.end()) {
    storage.host_copy = known->second.achievable_bandwidth.value;
    in.note_default("host_copy", "", link, allowed::quantities<BytesPerSecond>());
  } else if (storage.asynchronous) {
    in.table().require("host_copy", "\"48 GB/s\"");
  }
  return storage;
}

}  // namespace fleetwright
