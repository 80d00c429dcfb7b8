#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "planner/cost/cost_settings.hpp"
#include "sim/run_distribution.hpp"

namespace fleetwright {

/// A figure that lines of cost rest on.
struct CostInput {
  std::string name;  // "server.H800-SXM"
  std::string unit;
  ValueRange range;
  std::string kind;                  // of price; scenario, estimate, fixed
  std::string region;                // of price; empty for others
  std::string how;                   // which rows of the book; what replaced what
  std::vector<std::string> sources;  // never empty
  std::string cause;                 // what it shares with others; empty: nothing
  double correlation = 0;            // with others of that cause
};

/// The values of all inputs in one sample, by their index.
using CostSample = std::span<const double>;

/// What a line comes to in one sample, in US dollars.
using CostAmount = std::function<double(CostSample)>;

/// One line of a bill. Either an amount or the reason why there is none.
struct CostLine {
  std::string name;
  std::string group;    // servers, network, storage, electricity, space, staff ...
  std::string formula;  // for people
  std::vector<std::size_t> inputs;
  CostAmount amount;
  std::string absent;
  double typical = 0;  // with all inputs at their typical value
  Percentiles usd;     // over the samples
};

/// Lines of one or several groups together.
struct CostGroup {
  std::string name;
  std::vector<std::string> groups;
  double typical = 0;
  Percentiles usd;
};

/// The energy of a scope's machines, cooling included, and the carbon dioxide of making it.
struct Emissions {
  std::string scope;  // owned, fleet
  std::string formula;
  std::vector<std::size_t> inputs;
  CostAmount energy_mwh;
  CostAmount co2_t;
  std::string absent;  // why there is none
  double typical_mwh = 0;
  double typical_t = 0;
  Percentiles mwh;  // over the samples
  Percentiles t;
};

/// The electricity of the owned run bought in another country, at typical values.
struct Elsewhere {
  std::string region;  // ISO 3166 code
  std::string name;
  double usd = 0;
  double co2_t = 0;
  std::vector<std::string> sources;
};

/// What a total does when one input goes from its low to its high and all others are typical.
struct TornadoBar {
  std::size_t input = 0;
  double low_usd = 0;
  double high_usd = 0;
};

/// One of the four numbers that people confuse.
struct CostScope {
  std::string id;  // rented, owned, programme, fleet; serving, million-tokens, revenue
  std::string title;
  std::vector<CostLine> lines;
  std::vector<CostGroup> groups;
  std::string absent;  // why there is no total; empty where there is
  double typical = 0;
  Percentiles usd;
  std::vector<TornadoBar> tornado;  // longest first

  [[nodiscard]] bool known() const { return absent.empty(); }
};

/// A step from one scope's total to the next, at typical values.
struct WaterfallStep {
  std::string name;
  double usd = 0;                  // of the step; of a total, the total itself
  bool total = false;              // where a scope is reached
  std::vector<std::string> lines;  // "owned.servers of the run": what it is made of
};

/// A published figure beside our range.
struct CostClaimCheck {
  CostClaim claim;
  std::optional<Percentiles> ours;  // nothing where the scope has no total
  std::string absent;

  [[nodiscard]] bool inside() const {
    return ours && claim.value >= ours->p10 && claim.value <= ours->p90;
  }
};

/// The published GPU-hours at the rent, beside our own.
struct PublishedRental {
  double gpu_hours = 0;
  double usd = 0;
  std::vector<std::string> sources;
};

/// Whether machines of the fleet could be sold there on the day they were bought.
struct FleetProcurement {
  std::string accelerator;
  Date bought;
  std::string destination;
  std::string verdict;  // "free", "denial" ...
  std::string clause;   // empty where none covers it
  std::vector<std::string> sources;
};

/// The money of a scenario, itemised.
struct CostReport {
  std::vector<CostInput> inputs;
  std::vector<CostScope> scopes;  // rented, owned, programme, fleet; those of [serving]
  std::optional<PublishedRental> published_rental;
  std::vector<WaterfallStep> waterfall;
  std::vector<Emissions> emissions;
  std::vector<Elsewhere> elsewhere;  // least carbon dioxide first
  std::vector<CostClaimCheck> claims;
  std::vector<FleetProcurement> procurement;  // where [fleet] has a destination
  int samples = 0;

  [[nodiscard]] const CostScope& scope(std::string_view id) const;
};

struct Report;

/// Counts the money of a report whose run and energy are known. A scope without basis says why.
[[nodiscard]] CostReport cost_report(const Report& report);

}  // namespace fleetwright
