#include "planner/output/design_formats.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/core/format.hpp"
#include "planner/output/listing.hpp"

namespace fleetwright {
namespace {

std::vector<std::string> row_of(const std::string& what, const Design& d, double whole_days) {
  const auto share = [](double s) { return s >= 1 ? "whole" : fmt::format("{:.1f} %", 100 * s); };
  const ExportPart& part = d.verdict.part;
  const bool fits = std::isfinite(d.days);
  return {what,
          share(d.compute),
          share(d.memory),
          share(d.scale_up),
          fmt::format("{:.0f}", part.tpp),
          part.density() ? fmt::format("{:.2f}", *part.density()) : "unknown",
          fmt::format("{:.0f}", part.io.si() / 1e9),
          fmt::format("{:.0f}", part.memory_bandwidth.si() / 1e9),
          std::string(to_string(d.verdict.effect)),
          d.verdict.clause.empty() ? "-" : d.verdict.clause,
          fits ? fmt::format("{:.2f}", d.days) : "does not fit",
          fits ? signed_percent(d.days / whole_days - 1) : "-",
          d.bound_by};
}

}  // namespace

std::string print_designs(const DesignAnswer& answer, std::string_view format) {
  Listing listing{{"design", "compute", "memory", "scale-up", "TPP", "PD", "I/O GB/s",
                   "memory GB/s", "verdict", "clause", "days", "longer", "bound by"},
                  {}};
  const double whole = answer.whole.days;
  listing.rows.push_back(row_of("as it is", answer.whole, whole));
  for (std::size_t i = 0; i < answer.allowed.size(); ++i) {
    listing.rows.push_back(row_of(i == 0 ? "best free" : "free", answer.allowed[i], whole));
  }
  for (const Design& design : answer.alone) {
    const char* what = design.compute < 1  ? "compute alone"
                       : design.memory < 1 ? "memory alone"
                                           : "scale-up alone";
    listing.rows.push_back(row_of(what, design, whole));
  }
  std::string text = print(listing, format);
  if (format != "table") return text;
  return fmt::format("{} for {} on {}, training as many of them\n\n{}\n",
                     answer.whole.verdict.part.name, answer.destination, to_string(answer.date),
                     text);
}

}  // namespace fleetwright
