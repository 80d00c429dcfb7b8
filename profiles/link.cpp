#include "profiles/link.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "profiles/sourced_toml.hpp"

namespace fleetwright {
namespace {

Link read_one(const std::string& id, TomlTable table) {
  SourcedReader sourced(table);
  const Range<double> share{0.001, 1.0};
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
  link.reduce_share = sourced.numbers("reduce_share", share);
  link.gather_share = sourced.numbers("gather_share", share);
  link.carries_nic_traffic = table.boolean("carries_nic_traffic").value_or(false);
  link.reduces = table.boolean("reduces").value_or(false);
  table.refuse_unknown_keys();
  return link;
}

}  // namespace

double Link::share_of(CollectiveKind kind, int ranks) const {
  const auto& named = kind == CollectiveKind::all_reduce ? reduce_share : gather_share;
  if (!named || named->value.empty()) return 1;
  const std::vector<double>& shares = named->value;
  const double at = std::max(0.0, std::log2(ranks) - std::log2(16));
  const auto before = static_cast<std::size_t>(at);
  if (before + 1 >= shares.size()) return shares.back();
  return std::lerp(shares[before], shares[before + 1], at - std::floor(at));
}

std::map<std::string, Link> read_links(const std::filesystem::path& file) {
  return read_named_tables<Link>(file, read_one);
}

}  // namespace fleetwright
