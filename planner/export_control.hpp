#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/export_part.hpp"
#include "planner/export_rules.hpp"

namespace fleetwright {

/// A limit that the part would have to cross for another answer, all else left as it is (PD follows
/// TPP, and a change of PD alone is one of the die).
struct ExportMargin {
  ExportQuantity quantity = ExportQuantity::tpp;
  double value = 0;  // of the part; rates in GB/s
  double limit = 0;
  ExportEffect beyond = ExportEffect::none;  // the answer on the other side
  std::string clause;                        // the clause whose limit it is

  /// By how much the part would have to change: 0.013 is 1.3 % more, -0.02 is 2 % less.
  [[nodiscard]] double distance() const { return limit / value - 1; }
};

/// Whether a part may be sold to a country on a day.
struct ExportVerdict {
  ExportPart part;
  ExportEffect effect = ExportEffect::none;
  std::string clause;                // that decides; empty where none covers the part
  std::vector<std::string> covered;  // all clauses that cover it, duties too
  std::vector<std::string> sources;  // keys, of the rules and of the part
  std::string confidence;  // of the rule that decides; where none does, of the least sure one
  bool duty = false;
  std::vector<ExportMargin> margins;       // nearest first
  std::vector<std::string> uncertainties;  // what may change the answer, in words
};

/// Applies the rules. `destination` is an ISO 3166 code.
[[nodiscard]] ExportVerdict export_verdict(const ExportPart& part, const ExportRules& rules,
                                           const Date& day, const std::string& destination);

}  // namespace fleetwright
