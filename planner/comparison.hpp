#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/report.hpp"

namespace fleetwright {

/// A quantity of the JSON document, of each report.
struct ComparedQuantity {
  std::string path;
  std::vector<std::optional<double>> values;
};

/// A setting that is not the same everywhere; empty where a scenario has none of that name.
struct ComparedSetting {
  std::string path;
  std::vector<std::string> values;
};

/// Why a report's duration is not the first one's: factors whose product is the ratio of the two,
/// and the part that each kind of time has in the difference of GPU-time for a token.
struct DurationExplained {
  double duration = 1;      // this one's over the first one's
  double tokens = 1;        // more to train
  double accelerators = 1;  // fewer to train on
  double gpu_time = 1;      // more GPU-time for each token
  double waiting = 1;       // lower goodput
  /// GPU-seconds for a million tokens more than the first: computation, exposed communication,
  /// bubble, update.
  double computation = 0, communication = 0, bubble = 0, update = 0;
};

struct Comparison {
  std::vector<Report> reports;
  std::vector<ComparedQuantity> quantities;
  std::vector<ComparedSetting> settings;
  std::vector<DurationExplained> explained;  // of all but the first
};

/// Reports side by side; there must be at least two.
[[nodiscard]] Comparison compare_reports(std::vector<Report> reports);

}  // namespace fleetwright
