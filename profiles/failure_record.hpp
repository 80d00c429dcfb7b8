#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"

namespace fleetwright {

/// What there is a number of in a cluster. A link is the cable of a NIC to its leaf switch; a job
/// is one, whatever its size.
enum class Part : std::uint8_t { gpu, node, nic, link, switch_, job };

[[nodiscard]] std::string_view to_string(Part part);

/// What stops a job, as counted or as a rate of one part.
struct StopRecord {
  std::string name;
  Part part = Part::node;
  std::optional<double> events;
  std::optional<Hertz> rate;   // of one part
  bool replaces_node = false;  // it leaves for repair
  bool planned = false;        // waits for a checkpoint, so that no work is lost
};

/// What part of a GPU's step a slow part stretches.
enum class SlowResource : std::uint8_t { compute, network };

/// What slows a job without stopping it.
struct SlowRecord {
  std::string name;
  Part part = Part::node;
  Hertz rate;  // of one part
  SlowResource slows = SlowResource::compute;
  double factor = 1;           // the resource has 1/factor of its speed
  Seconds lasts;               // on average, until it is found or goes away
  bool replaces_node = false;  // found, it costs a restart at a checkpoint; else it goes away
};

/// One published observation of a cluster: who watched how many parts for how long, and what
/// stopped jobs there.
struct FailureRecord {
  std::string id;
  std::string description;
  Provenance provenance;
  double nodes = 0;  // 0 where not said: then rates or shares are given
  double gpus_per_node = 8;
  double nics_per_node = 8;
  Seconds watched;
  bool pooled = false;  // all that stops large jobs: enters the pool
  bool shares = false;  // its events say how causes divide, not how often they come
  std::vector<StopRecord> stops;
  std::vector<SlowRecord> slowdowns;
  std::optional<Sourced<Seconds>> detection;
  std::optional<Sourced<Seconds>> restart;
  std::optional<Sourced<Seconds>> repair;
};

/// How often a part fails of this cause. Only for records with events over an exposure, or rates.
[[nodiscard]] Hertz rate_of(const FailureRecord& record, const StopRecord& stop);

/// The records of a TOML file, by id. Throws ScenarioError (located) and Error.
[[nodiscard]] std::map<std::string, FailureRecord> read_failure_records(
    const std::filesystem::path& file);

}  // namespace fleetwright
