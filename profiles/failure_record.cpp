#include "profiles/failure_record.hpp"

#include <array>

#include "models/core/error.hpp"
#include "profiles/sourced_toml.hpp"

namespace fleetwright {
namespace {

constexpr std::array part_names{"gpu", "node", "nic", "link", "switch", "job"};
constexpr double seconds_per_day = 86400.0;
// A part that fails a hundred times a day is none.
constexpr Range<double> daily{0.0, 100.0};
constexpr Range<double> counts{0.0, 1e9};

Part read_part(TomlTable& table) {
  const auto name = table.choice("part", {part_names.begin(), part_names.end()});
  table.require("part", "\"gpu\"");
  for (std::size_t i = 0; i < part_names.size(); ++i) {
    if (name == part_names[i]) return static_cast<Part>(i);
  }
  return Part::node;
}

std::optional<Hertz> read_rate(TomlTable& table) {
  const auto per_day = table.number("rate_per_day", daily);
  if (!per_day) return std::nullopt;
  return Hertz{*per_day / seconds_per_day};
}

StopRecord read_stop(TomlTable table, bool watched) {
  StopRecord stop;
  stop.name = required(table, "name", table.text("name"), "\"GPU\"");
  stop.part = read_part(table);
  stop.events = table.number("events", counts);
  stop.rate = read_rate(table);
  stop.replaces_node = required(table, "replaces_node", table.boolean("replaces_node"), "true");
  stop.planned = table.boolean("planned").value_or(false);
  table.refuse_unknown_keys();
  if (stop.events.has_value() == stop.rate.has_value()) {
    table.error("name", "a cause has either events or a rate_per_day");
  } else if (stop.events && !watched) {
    table.error("events", "events need the nodes and days in which they were counted");
  }
  return stop;
}

SlowRecord read_slowdown(TomlTable table) {
  SlowRecord slow;
  slow.name = required(table, "name", table.text("name"), "\"slow GPU\"");
  slow.part = read_part(table);
  slow.rate = required(table, "rate_per_day", read_rate(table), "1e-5");
  slow.slows = table.choice("slows", {"compute", "network"}) == "network" ? SlowResource::network
                                                                          : SlowResource::compute;
  table.require("slows", "\"compute\"");
  // A link that keeps a thousandth of its speed has failed.
  slow.factor = required(table, "factor", table.number("factor", {1.0, 1000.0}), "2.0");
  slow.lasts = required(table, "lasts", table.quantity<Seconds>("lasts"), "\"1 h\"");
  slow.replaces_node = required(table, "replaces_node", table.boolean("replaces_node"), "true");
  table.refuse_unknown_keys();
  return slow;
}

FailureRecord read_one(const std::string& id, TomlTable table) {
  SourcedReader sourced(table);
  FailureRecord r;
  r.id = id;
  r.description = required(table, "description", table.text("description"), "\"1,024 H100\"");
  const auto kind = table.choice("kind", {"measured", "published", "datasheet", "assumed"});
  table.require("kind", "\"published\"");
  if (kind) r.provenance.kind = parse_provenance_kind(*kind);
  r.provenance.source = required(table, "source", table.text("source"), "\"KEY\"");
  r.nodes = table.number("nodes", counts).value_or(0);
  r.gpus_per_node = table.number("gpus_per_node", counts).value_or(r.gpus_per_node);
  r.nics_per_node = table.number("nics_per_node", counts).value_or(r.nics_per_node);
  r.watched = Seconds{table.number("days", counts).value_or(0) * seconds_per_day};
  r.pooled = table.boolean("pooled").value_or(false);
  r.shares = table.boolean("shares").value_or(false);
  const bool watched = r.shares || (r.nodes > 0 && r.watched > Seconds{});
  for (TomlTable& cause : table.tables("cause")) {
    r.stops.push_back(read_stop(std::move(cause), watched));
  }
  for (TomlTable& slow : table.tables("slowdown")) {
    r.slowdowns.push_back(read_slowdown(std::move(slow)));
  }
  r.detection = sourced.quantity<Seconds>("detection");
  r.restart = sourced.quantity<Seconds>("restart");
  r.repair = sourced.quantity<Seconds>("repair");
  table.refuse_unknown_keys();
  return r;
}

double parts_watched(const FailureRecord& r, Part part) {
  switch (part) {
    case Part::gpu:
      return r.nodes * r.gpus_per_node;
    case Part::nic:
    case Part::link:
      return r.nodes * r.nics_per_node;
    case Part::job:
      return 1;
    case Part::node:
    case Part::switch_:  // switches are not counted in records; their causes have rates
      return r.nodes;
  }
  fail_invariant("Part", "unknown value");
}

}  // namespace

std::string_view to_string(Part part) { return part_names.at(static_cast<std::size_t>(part)); }

Hertz rate_of(const FailureRecord& record, const StopRecord& stop) {
  if (stop.rate) return *stop.rate;
  ensure(!record.shares, "shares of causes are no rate");
  return stop.events.value_or(0) / (parts_watched(record, stop.part) * record.watched);
}

std::map<std::string, FailureRecord> read_failure_records(const std::filesystem::path& file) {
  return read_named_tables<FailureRecord>(file, read_one);
}

}  // namespace fleetwright
