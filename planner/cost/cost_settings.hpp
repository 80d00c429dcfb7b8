#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/price_book.hpp"

namespace fleetwright {

/// A figure of a scenario with its range and where it is from.
struct SourcedRange {
  ValueRange range;
  std::string source;
};

/// A figure that someone published about the money, to be put beside ours.
struct CostClaim {
  std::string text;  // as it was said
  std::string of;    // "rented", "fleet.capital": a scope, or a group of its lines
  double value = 0;  // US dollars
  std::string source;
  std::string explanation;  // why ours differs, in the scenario's words; may be empty
};

/// Work or purchases besides the final run: [programme].
struct ProgrammeSettings {
  /// A run or a model of its own, in hours of the same machines.
  struct Run {
    std::string name;
    SourcedRange gpu_hours;
  };
  struct Item {
    std::string name;
    SourcedRange usd;
  };
  std::optional<SourcedRange> experiments;  // compute of all over that of the final run
  std::optional<SourcedRange> people;
  std::optional<SourcedRange> years;
  std::vector<Run> runs;
  std::vector<Item> items;
};

/// Machines of one kind that were bought together: [[fleet.island]].
struct FleetIsland {
  std::string accelerator;
  double accelerators = 0;
  Date bought;
  double nics_per_node = 0;
  int layers = 2;                    // of the network
  std::vector<std::string> regions;  // where its servers were bought
  std::vector<std::string> kinds;    // of prices; empty: all but grey
  std::string source;
};

/// Everything that is bought and run for years: [fleet].
struct FleetSettings {
  double years = 0;
  std::string years_source;
  std::string destination;  // ISO 3166 code, where export rules are to be shown; else empty
  std::vector<FleetIsland> islands;
};

/// A service that answers with the model, and what it asks for that: [serving].
struct ServingSettings {
  SourcedRange input_tokens_per_day;
  SourcedRange output_tokens_per_day;
  SourcedRange cached_share;        // of the input, read from a cache and charged as such
  SourcedRange prefill_rate;        // input tokens a second of a node, cached ones among them
  SourcedRange decode_rate;         // output tokens a second of a node
  SourcedRange cached_input_price;  // USD a million tokens
  SourcedRange input_price;
  SourcedRange output_price;
};

/// How the money of a scenario is counted: [cost], [programme], [fleet] and [serving].
struct CostSettings {
  Date date;  // of prices
  std::vector<std::string> regions;
  std::vector<std::string> kinds;  // empty: all but grey
  int samples = 0;
  std::vector<Price> overrides;
  std::vector<CostClaim> claims;
  std::optional<ProgrammeSettings> programme;
  std::optional<FleetSettings> fleet;
  std::optional<ServingSettings> serving;
};

/// What a claim may be of: the scopes, and groups of their lines.
[[nodiscard]] const std::vector<std::string>& cost_quantities();

/// Whether it is of a scope that [serving] alone gives.
[[nodiscard]] bool is_of_serving(std::string_view quantity);

}  // namespace fleetwright
