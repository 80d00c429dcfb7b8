#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "planner/output/comparison_formats.hpp"
#include "planner/output/human_value.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {
namespace {

using Row = std::vector<std::string>;

Row header_of(const Comparison& c, const std::string& first) {
  Row header{first};
  for (const Report& report : c.reports) header.push_back(report.scenario.name);
  return header;
}

std::vector<Row> quantity_rows(const Comparison& c) {
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
  return rows;
}

std::vector<Row> setting_rows(const Comparison& c) {
  std::vector<Row> rows;
  for (const ComparedSetting& s : c.settings) {
    Row row{s.path};
    for (const std::string& value : s.values) {
      // Lists of layers and the like are looked up with `show`.
      row.push_back(value.empty() ? "-" : value.size() > 40 ? value.substr(0, 37) + "..." : value);
    }
    rows.push_back(std::move(row));
  }
  return rows;
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

std::string columns(const Row& header, const std::vector<Row>& rows) {
  std::vector<std::size_t> width;
  for (const std::string& cell : header) width.push_back(columns_of(cell));
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], columns_of(row[i]));
  }
  std::string text;
  const auto add = [&](const Row& row) {
    std::string line = "  ";
    for (std::size_t i = 0; i < row.size(); ++i) line += pad_right(row[i], width[i]) + "  ";
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add(header);
  for (const Row& row : rows) add(row);
  return text;
}

std::string markdown(const Row& header, const std::vector<Row>& rows) {
  const auto line = [](const Row& row) {
    std::string text = "|";
    for (const std::string& cell : row) text += " " + cell + " |";
    return text + "\n";
  };
  std::string text = line(header) + "|";
  for (std::size_t i = 0; i < header.size(); ++i) text += "---|";
  text += "\n";
  for (const Row& row : rows) text += line(row);
  return text;
}

}  // namespace

std::string comparison_table(const Comparison& c) {
  return columns(header_of(c, "quantity"), quantity_rows(c)) + "\nWhat is set differently\n" +
         columns(header_of(c, "setting"), setting_rows(c)) + "\nWhy\n" + why(c);
}

std::string comparison_markdown(const Comparison& c) {
  return markdown(header_of(c, "quantity"), quantity_rows(c)) + "\n## What is set differently\n\n" +
         markdown(header_of(c, "setting"), setting_rows(c)) + "\n## Why\n\n" + why(c);
}

std::string comparison_csv(const Comparison& c) {
  const auto line = [](const Row& row) {
    std::string text;
    for (const std::string& cell : row) text += (text.empty() ? "" : ",") + csv_cell(cell);
    return text + "\n";
  };
  std::string text = line(header_of(c, "quantity"));
  for (const ComparedQuantity& q : c.quantities) {
    Row row{q.path};
    for (const auto& value : q.values) row.push_back(value ? fmt::format("{:.12g}", *value) : "");
    text += line(row);
  }
  return text;
}

}  // namespace fleetwright
