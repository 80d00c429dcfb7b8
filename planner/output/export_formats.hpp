#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/export_control.hpp"
#include "planner/output/listing.hpp"

namespace fleetwright {

/// What export-check was asked.
struct ExportQuestion {
  Date date;
  std::string destination;
  std::vector<ExportVerdict> verdicts;
  Date known_until;  // the rules
};

/// "table", "json" (schema fleetwright.export-check/1), "csv", "md" or "html".
[[nodiscard]] std::string print_export_check(const ExportQuestion& question,
                                             std::string_view format);

/// All rules with their days, limits and sources, for `list rules`.
[[nodiscard]] Listing list_rules(const ExportRules& rules);

}  // namespace fleetwright
