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
  table.refuse_unknown_keys();
  return link;
}

}  // namespace

std::map<std::string, Link> read_links(const std::filesystem::path& file) {
  const TomlMap document = parse_toml_file(file);
  Diagnostics diagnostics;
  TomlTable root(document, {file.string(), 1, 1}, "", diagnostics);
  std::map<std::string, Link> result;
  for (const std::string& id : root.keys()) {
    if (auto table = root.table(id)) result.emplace(id, read_one(id, std::move(*table)));
  }
  diagnostics.throw_if_any();
  return result;
}

}  // namespace fleetwright
