#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"
#include "profiles/accelerator.hpp"

namespace fleetwright {

/// What export rules ask of an accelerator.
struct ExportPart {
  /// sold as chips; rented: never sold; prc: made in China, not an export; unsold: not on sale.
  enum class Sale : std::uint8_t { sold, rented, prc, unsold };
  /// On sale in the United States on 15 January 2026. notional: arithmetic alone.
  enum class UsMarket : std::uint8_t { yes, no, end_of_life, notional };

  std::string id;
  std::string name;
  std::string vendor;
  double tpp = 0;                  // total processing performance: tera-operations x bits
  std::string tpp_basis;           // the format it is reached in, "fp8"
  std::optional<double> die_area;  // mm2 of logic on non-planar processes
  BytesPerSecond io;               // scale-up links and PCIe, both directions
  BytesPerSecond memory_bandwidth;
  bool datacentre = true;  // designed or marketed for datacentres
  Sale sale = Sale::sold;
  UsMarket us_market = UsMarket::yes;
  std::vector<std::string> uncertain;  // rates, links, die_area, memory_bandwidth
  std::vector<std::string> sources;    // keys
  std::string note;

  /// Performance density, TPP per mm2. Nothing where the area is not published.
  [[nodiscard]] std::optional<double> density() const;
  /// Only the arithmetic of a rule applies: the part is not an export, or not for sale.
  [[nodiscard]] bool notional() const { return sale != Sale::sold; }
};

/// Reads export_parts.csv. Rates and memory bandwidth that a row leaves empty are those of the
/// accelerator of that id. In the order of the file. Throws ScenarioError (located) and Error.
[[nodiscard]] std::vector<ExportPart> read_export_parts(
    const std::filesystem::path& file, const std::map<std::string, Accelerator>& accelerators);

}  // namespace fleetwright
