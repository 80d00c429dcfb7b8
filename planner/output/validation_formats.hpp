#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/validation/case_summary.hpp"

namespace fleetwright {

/// Predictions and their summary: "table", "md" and "html" have both, "csv" has the cases alone.
[[nodiscard]] std::string print_validation(const std::vector<CaseResult>& results,
                                           const ValidationSummary& summary,
                                           std::string_view format);

/// The JSON document, schema fleetwright.validation/1.
[[nodiscard]] std::string validation_json(const std::vector<CaseResult>& results,
                                          const ValidationSummary& summary,
                                          std::string_view engine);

}  // namespace fleetwright
