#pragma once

#include <string>
#include <string_view>

namespace fleetwright {

/// How the estimate of a case ended. The last three are of the machine rather than of the case, and
/// may be tried again.
enum class CaseEnd { done, infeasible, wrong_input, failed, crashed, timed_out };

/// "done", "infeasible", "wrong input", "failed", "crashed", "timed out".
[[nodiscard]] std::string_view to_string(CaseEnd end);
/// Throws std::invalid_argument of any other word.
[[nodiscard]] CaseEnd parse_case_end(std::string_view word);

/// What the estimate of a case gave: a report, or the reason why there is none.
struct CaseOutcome {
  CaseEnd end = CaseEnd::failed;
  std::string report;  // JSON, of schema fleetwright.report/1
  std::string error;   // what the program said
};

}  // namespace fleetwright
