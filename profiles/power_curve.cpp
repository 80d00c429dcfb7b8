#include "profiles/power_curve.hpp"

#include <algorithm>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"
#include "profiles/sourced_toml.hpp"

namespace fleetwright {
namespace {

PowerCurve read_one(const std::string& /*architecture*/, TomlTable table) {
  SourcedReader sourced(table);
  const std::string_view form = "{ value = ..., kind = ..., source = ... }";
  const auto fraction = [&](std::string_view key) {
    return required(table, key, sourced.number(key), form);
  };
  PowerCurve curve;
  curve.compute_bound = fraction("compute_bound");
  curve.memory_bound = fraction("memory_bound");
  curve.communicating = fraction("communicating");
  curve.waiting = fraction("waiting");
  curve.idle = fraction("idle");
  curve.host = fraction("host");
  table.refuse_unknown_keys();
  return curve;
}

}  // namespace

std::map<std::string, PowerCurve> read_power_curves(const std::filesystem::path& file) {
  return read_named_tables<PowerCurve>(file, read_one);
}

const PowerCurve& power_curve_of(const Accelerator& accelerator) {
  static const std::map<std::string, PowerCurve> curves =
      read_power_curves(data_file("profiles/data/power.toml"));
  const auto own = curves.find(accelerator.architecture);
  if (own != curves.end()) return own->second;
  const auto other = curves.find("other");
  if (other == curves.end()) throw Error("profiles/data/power.toml has no table [other]");
  return other->second;
}

std::optional<Watts> host_power_of_gpu(const Accelerator& a) {
  if (!a.tdp || !a.node_power_max || !(a.scale_up_domain.value > 0)) return std::nullopt;
  const Watts node_share = a.node_power_max->value / a.scale_up_domain.value;
  return std::max(Watts{}, node_share - a.tdp->value) * power_curve_of(a).host.value;
}

}  // namespace fleetwright
