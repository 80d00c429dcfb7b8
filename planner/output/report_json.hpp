#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/report.hpp"

namespace fleetwright {

/// The report as a JSON document ("fleetwright.report/1"): keys in a fixed order, SI units in the
/// key, twelve significant digits, never NaN or infinite. Ends without a line break.
[[nodiscard]] std::string report_json(const Report& report);

/// Several reports as one JSON array.
[[nodiscard]] std::string reports_json(const std::vector<Report>& reports);

/// The numbers of that document, its claims left out.
class ReportNumbers {
 public:
  explicit ReportNumbers(const Report& report);

  /// The number at a path such as "step.time_s" or "run.phases.1.gpu_hours"; an element of an array
  /// is named by its index or by its "name". Several paths joined by " + " are added up. Nothing
  /// where there is no number.
  [[nodiscard]] std::optional<double> at(std::string_view path) const;

 private:
  struct Document;  // no header names the library
  std::shared_ptr<const Document> document_;
};

/// One of them.
[[nodiscard]] std::optional<double> report_number(const Report& report, std::string_view path);

/// A leaf of that document.
struct ReportValue {
  std::string path;
  std::string text;  // numbers with six significant digits; empty for null
};

/// All leaves in the order of the document, the claims left out.
[[nodiscard]] std::vector<ReportValue> report_values(const Report& report);

}  // namespace fleetwright
