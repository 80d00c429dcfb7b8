#pragma once

#include <string>

#include "planner/report.hpp"

namespace fleetwright {

/// The report for a terminal, at most 100 columns wide.
[[nodiscard]] std::string report_table(const Report& report);

/// The report as a Markdown document.
[[nodiscard]] std::string report_markdown(const Report& report);

/// The report as a page that needs nothing else.
[[nodiscard]] std::string report_html(const Report& report);

/// Header of report_csv_rows().
[[nodiscard]] std::string report_csv_header();

/// One row a value of the JSON document: scenario, path, value, published, difference.
[[nodiscard]] std::string report_csv_rows(const Report& report);

}  // namespace fleetwright
