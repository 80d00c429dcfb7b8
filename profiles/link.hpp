#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"
#include "models/operators.hpp"

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
  /// Between nodes, a step of a collective that stands alone takes at least this long.
  std::optional<Sourced<Seconds>> collective_step;
  /// Of the achievable bandwidth, what collectives of 16, 32, 64, ... GPUs reach where others share
  /// the network: all-reduces, and those that gather or scatter. Without them all of it.
  std::optional<Sourced<std::vector<double>>> reduce_share, gather_share;
  /// Of a scale-up port: what a GPU exchanges with a NIC takes it too, as on PCIe.
  bool carries_nic_traffic = false;
  /// Of a scale-up port: its switches add up what GPUs send (NVLink SHARP).
  bool reduces = false;

  /// By reduce_share and gather_share, between two counts in the logarithm, beyond the last as
  /// there.
  [[nodiscard]] double share_of(CollectiveKind kind, int ranks) const;
};

/// All links of a TOML file by id. Throws ScenarioError (located) and Error.
[[nodiscard]] std::map<std::string, Link> read_links(const std::filesystem::path& file);

}  // namespace fleetwright
