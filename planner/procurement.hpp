#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "planner/export_control.hpp"
#include "planner/scenario.hpp"

namespace fleetwright {

/// Whether machines can be had.
enum class Availability : std::uint8_t {
  available,    // no licence stands in the way
  licensed,     // needs a licence, a case-by-case decision or a notification
  refused,      // licences are denied
  grey_market,  // licences are denied or needed, and the scenario names it all the same
  unknown,      // the table of export rules has no such part
};

[[nodiscard]] std::string_view to_string(Availability availability);

/// Export rules on an island of a scenario.
struct Procurement {
  std::string island;
  std::string accelerator;
  Date date;             // of the purchase
  bool earlier = false;  // bought before: by the rules of that day
  Availability availability = Availability::unknown;
  ExportVerdict verdict;   // with clause and distances; not of an unknown part
  std::string grey_price;  // of the grey market, as the price book has it; empty unless asked for

  [[nodiscard]] bool usable() const { return availability != Availability::refused; }
};

/// The cluster and the islands of a scenario in that order, each by the rules of the day on which
/// it is bought; empty where the scenario has no [procurement].
[[nodiscard]] std::vector<Procurement> procurement_of(const Scenario& scenario);

/// "refused by 3A090.a-2023: TPP is 15824, and 4799 (-69.7 %) would need no licence".
[[nodiscard]] std::string describe(const Procurement& procurement);

}  // namespace fleetwright
