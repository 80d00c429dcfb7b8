#include <fmt/format.h>

#include <set>

#include "models/core/format.hpp"
#include "planner/output/report_formats.hpp"
#include "planner/output/report_json.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {
namespace {

std::string csv_row(const Report& report, const std::string& path, const std::string& value,
                    const ClaimCheck* check) {
  const auto difference = check == nullptr ? std::nullopt : check->difference();
  return fmt::format("{},{},{},{},{}\n", csv_cell(report.scenario.name), csv_cell(path),
                     csv_cell(value), check == nullptr ? "" : six_digits(check->claim.value),
                     difference ? six_digits(*difference) : "");
}

}  // namespace

std::string report_csv_header() { return "scenario,path,value,published,difference\n"; }

std::string report_csv_rows(const Report& report) {
  std::string out;
  std::set<const ClaimCheck*> written;
  for (const ReportValue& v : report_values(report)) {
    const ClaimCheck* check = nullptr;
    for (const ClaimCheck& c : report.claims) {
      if (check == nullptr && c.claim.quantity == v.path) check = &c;
    }
    if (check != nullptr) written.insert(check);
    out += csv_row(report, v.path, v.text, check);
  }
  // Sums, and second figures for a value that has one already.
  for (const ClaimCheck& c : report.claims) {
    if (written.contains(&c)) continue;
    out += csv_row(report, c.claim.quantity, c.predicted ? six_digits(*c.predicted) : "", &c);
  }
  return out;
}

}  // namespace fleetwright
