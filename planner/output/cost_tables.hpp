#pragma once

#include <string>
#include <vector>

#include "planner/output/listing.hpp"
#include "planner/report.hpp"

namespace fleetwright {

/// A headed table with text below it: what all formats for people have in common.
struct CostSection {
  std::string title;
  Listing table;
  std::vector<std::string> notes;
};

/// The lines of a scope with their ranges, its groups and its total.
[[nodiscard]] CostSection bill_section(const CostReport& cost, const CostScope& scope);
[[nodiscard]] CostSection waterfall_section(const CostReport& cost);
/// Published figures beside our ranges.
[[nodiscard]] CostSection claims_section(const CostReport& cost);
/// What moves a total most; at most `most` inputs.
[[nodiscard]] CostSection tornado_section(const CostReport& cost, const CostScope& scope,
                                          std::size_t most);
/// Energy and carbon dioxide of the run and of the fleet.
[[nodiscard]] CostSection emissions_section(const CostReport& cost);
/// The run's electricity bought in other countries.
[[nodiscard]] CostSection elsewhere_section(const CostReport& cost);
/// All inputs with their ranges and sources.
[[nodiscard]] Listing inputs_listing(const CostReport& cost);

/// "inside", "above ours, 3.8 x P50", "no basis".
[[nodiscard]] std::string verdict_of(const CostClaimCheck& check);
/// Signed money for people.
[[nodiscard]] std::string money(double usd);
/// Days, places, samples and seed that the money is counted with.
[[nodiscard]] std::string cost_terms(const Report& report, const CostReport& cost);

}  // namespace fleetwright
