#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"
#include "models/precision.hpp"

namespace fleetwright {

/// A GPU as bought: datasheet values and published ceilings, each with its provenance.
struct Accelerator {
  std::string id;
  std::string name;
  std::string vendor;
  std::string architecture;  // volta ampere ada hopper blackwell
  std::string same_chip_as;  // id of a part that differs in its links alone; empty: none
  std::string release_date;  // YYYY-MM-DD
  Sourced<double> sm_count;
  Sourced<Hertz> boost_clock;
  Sourced<Bytes> memory_capacity;
  Sourced<BytesPerSecond> memory_bandwidth;
  std::optional<Sourced<BytesPerSecond>> copy_bandwidth;  // achieved by a copy or triad kernel
  std::map<Precision, Sourced<FlopPerSecond>> peak;       // dense
  std::map<Precision, Sourced<FlopPerSecond>> matmul;     // best achieved by a library
  /// What products sustain at the power limit, hot and on random data, where it is known.
  std::map<Precision, Sourced<FlopPerSecond>> sustained;
  /// Time of a kernel inside a training step over its time alone, on this chip and its board (clock
  /// under the load of a whole step). None: 1.
  std::optional<Sourced<double>> in_step_slowdown;
  std::string scale_up_link;                     // id of a Link
  std::string host_link;                         // id of a Link, empty if not known
  Sourced<double> scale_up_domain;               // GPUs that share it
  std::optional<Sourced<double>> nics_per_node;  // reference design
  std::string nic;                               // id of a Link, empty if none is usual
  std::optional<Sourced<Watts>> tdp;
  std::optional<Sourced<Watts>> node_power_max;

  /// Dense peak of a format; block-scaled and MX formats run at the FP8 rate. Nothing if the part
  /// lacks it.
  [[nodiscard]] std::optional<Sourced<FlopPerSecond>> peak_of(Precision precision) const;
  [[nodiscard]] std::optional<Sourced<FlopPerSecond>> matmul_of(Precision precision) const;
  /// Nothing where it is not known; FP16 sustains what BF16 does.
  [[nodiscard]] std::optional<Sourced<FlopPerSecond>> sustained_of(Precision precision) const;
};

/// All accelerators of a TOML file by id. Throws ScenarioError (located) and Error.
[[nodiscard]] std::map<std::string, Accelerator> read_accelerators(
    const std::filesystem::path& file);

}  // namespace fleetwright
