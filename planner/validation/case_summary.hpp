#pragma once

#include <map>
#include <string>
#include <vector>

#include "planner/validation/case_result.hpp"

namespace fleetwright {

/// How far predictions of some cases are off; errors are predicted / measured - 1.
struct ErrorSummary {
  int count = 0;  // of errors
  int not_simulated = 0;
  double mean_abs = 0;
  double median_abs = 0;
  double p90_abs = 0;
  double max_abs = 0;
  double mean = 0;  // signed: which way
};

/// Of errors in any order; percentiles lie between neighbours linearly.
[[nodiscard]] ErrorSummary summarize(std::vector<double> errors);

/// Cases that share something: a GPU, a framework.
struct SummaryGroup {
  std::string name;
  ErrorSummary errors;
};

/// Cases that did not run, by what was predicted of them.
struct MemoryVerdicts {
  int ran_and_fits = 0;
  int ran_and_does_not_fit = 0;
  int failed_and_fits = 0;
  int failed_and_does_not_fit = 0;
};

struct ValidationSummary {
  ErrorSummary all, core;
  ErrorSummary families;  // each family's mean absolute (and signed) error counts once
  std::vector<SummaryGroup> by_gpu, by_framework, by_precision, by_kind, by_source;
  std::vector<std::pair<std::string, int>> not_simulated;  // reasons, the most frequent first
  ErrorSummary memory;                                     // of peaks that were published
  MemoryVerdicts verdicts;
};

[[nodiscard]] ValidationSummary summarize(const std::vector<CaseResult>& results);

}  // namespace fleetwright
