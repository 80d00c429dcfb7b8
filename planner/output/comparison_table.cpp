#include <fmt/format.h>

#include <utility>
#include <vector>

#include "planner/output/comparison_formats.hpp"
#include "planner/output/human_value.hpp"
#include "planner/output/listing.hpp"
#include "planner/output/markup.hpp"

namespace fleetwright {
namespace {

using Row = std::vector<std::string>;

Row header_of(const Comparison& c, const std::string& first) {
  Row header{first};
  for (const Report& report : c.reports) header.push_back(report.scenario.name);
  return header;
}

Listing quantities_of(const Comparison& c) {
  std::vector<Row> rows;
  for (const ComparedQuantity& q : c.quantities) {
    Row row{q.path};
    const auto& first = q.values.front();
    for (std::size_t i = 0; i < q.values.size(); ++i) {
      if (!q.values[i]) {
        row.emplace_back("-");
        continue;
      }
      std::string text = human_value(q.path, *q.values[i]);
      if (i > 0 && first && *first != 0) text += fmt::format(" (x {:.2f})", *q.values[i] / *first);
      row.push_back(std::move(text));
    }
    rows.push_back(std::move(row));
  }
  return {header_of(c, "quantity"), std::move(rows)};
}

Listing settings_of(const Comparison& c) {
  std::vector<Row> rows;
  for (const ComparedSetting& s : c.settings) {
    Row row{s.path};
    for (const std::string& value : s.values) {
      // Lists of layers and the like are looked up with `show`.
      row.push_back(value.empty() ? "-" : value.size() > 40 ? value.substr(0, 37) + "..." : value);
    }
    rows.push_back(std::move(row));
  }
  return {header_of(c, "setting"), std::move(rows)};
}

std::string why(const Comparison& c) {
  std::string text;
  for (std::size_t i = 0; i < c.explained.size(); ++i) {
    const DurationExplained& e = c.explained[i];
    text += fmt::format(
        "{} takes x {:.3f} of the time of {}: x {:.3f} for the tokens, x {:.3f} for the number of "
        "accelerators,\n  x {:.3f} for GPU-time a token, x {:.3f} for goodput. GPU-seconds for a "
        "million tokens: computation {:+.2f},\n  exposed communication {:+.2f}, bubble {:+.2f}, "
        "update {:+.2f}.\n",
        c.reports[i + 1].scenario.name, e.duration, c.reports.front().scenario.name, e.tokens,
        e.accelerators, e.gpu_time, e.waiting, e.computation, e.communication, e.bubble, e.update);
  }
  return text;
}

}  // namespace

std::string comparison_table(const Comparison& c) {
  return print(quantities_of(c), "table") + "\nWhat is set differently\n" +
         print(settings_of(c), "table") + "\nWhy\n" + why(c);
}

std::string comparison_markdown(const Comparison& c) {
  return print(quantities_of(c), "md") + "\n## What is set differently\n\n" +
         print(settings_of(c), "md") + "\n## Why\n\n" + markdown_text(why(c));
}

std::string comparison_csv(const Comparison& c) {
  Listing listing{header_of(c, "quantity"), {}};
  for (const ComparedQuantity& q : c.quantities) {
    Row row{q.path};
    for (const auto& value : q.values) row.push_back(value ? fmt::format("{:.12g}", *value) : "");
    listing.rows.push_back(std::move(row));
  }
  return print(listing, "csv");
}

}  // namespace fleetwright
