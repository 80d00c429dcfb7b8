#include "profiles/link.hpp"

#include <utility>

#include "profiles/sourced_toml.hpp"

namespace fleetwright {
namespace {

Link read_one(const std::string& id, TomlTable table) {
  SourcedReader sourced(table);
  const std::string_view form = "{ value = ..., kind = ..., source = ... }";
  Link link;
  link.id = id;
  link.name = required(table, "name", table.text("name"), "\"InfiniBand NDR\"");
  link.scale_up = table.choice("kind", {"scale-up", "scale-out"}) == "scale-up";
  table.require("kind", "\"scale-out\"");
  link.bandwidth =
      required(table, "bandwidth", sourced.quantity<BytesPerSecond>("bandwidth"), form);
  link.achievable_bandwidth =
      required(table, "achievable_bandwidth",
               sourced.quantity<BytesPerSecond>("achievable_bandwidth"), form);
  link.latency = required(table, "latency", sourced.quantity<Seconds>("latency"), form);
  link.latency_cross_leaf = sourced.quantity<Seconds>("latency_cross_leaf");
  link.collective_step = sourced.quantity<Seconds>("collective_step");
  link.carries_nic_traffic = table.boolean("carries_nic_traffic").value_or(false);
  link.reduces = table.boolean("reduces").value_or(false);
  table.refuse_unknown_keys();
  return link;
}

}  // namespace

std::map<std::string, Link> read_links(const std::filesystem::path& file) {
  return read_named_tables<Link>(file, read_one);
}

}  // namespace fleetwright
