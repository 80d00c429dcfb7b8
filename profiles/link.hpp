#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"

namespace fleetwright {

/// A port of a GPU (scale-up) or a NIC (scale-out); rates are one way.
struct Link {
  std::string id;
  std::string name;
  bool scale_up = false;
  Sourced<BytesPerSecond> bandwidth;             // nominal
  Sourced<BytesPerSecond> achievable_bandwidth;  // large messages
  Sourced<Seconds> latency;                      // end to end, small message, one switch
  std::optional<Sourced<Seconds>> latency_cross_leaf;
  /// Between nodes, a step of a collective of large messages takes at least this long, where it is
  /// more than the library counts.
  std::optional<Sourced<Seconds>> collective_step;
  /// Of a scale-up port: what a GPU exchanges with a NIC takes it too, as on PCIe.
  bool carries_nic_traffic = false;
  /// Of a scale-up port: its switches add up what GPUs send (NVLink SHARP).
  bool reduces = false;
};

/// All links of a TOML file by id. Throws ScenarioError (located) and Error.
[[nodiscard]] std::map<std::string, Link> read_links(const std::filesystem::path& file);

}  // namespace fleetwright
