#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"

namespace fleetwright {

/// How a collective library moves data by one algorithm: what each step takes, and what share of
/// the links it reaches.
struct CollectiveProtocol {
  std::string name;  // "simple", "ll128", "ll"
  Sourced<Seconds> launch;
  Sourced<Seconds> scale_up_step;
  Sourced<Seconds> scale_out_step;
  Sourced<double> bandwidth;
  /// Of nccl-tests' bus bandwidth: on one node, on two, on more.
  std::optional<std::array<BytesPerSecond, 3>> most_bus_bandwidth;
  /// Of the bandwidth, for messages of at least 64 B, 128 B and so forth; empty: 1.
  std::vector<double> by_size;

  [[nodiscard]] double correction(Bytes message) const;
};

/// All protocols of a TOML file by algorithm: [algorithm.protocol]. Throws ScenarioError (located)
/// and Error.
[[nodiscard]] std::map<std::string, std::vector<CollectiveProtocol>> read_collective_protocols(
    const std::filesystem::path& file);

}  // namespace fleetwright
