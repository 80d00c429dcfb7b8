#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "planner/output/report_formats.hpp"
#include "planner/output/report_layout.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t label_width = 44;
constexpr std::size_t value_width = 15;
constexpr std::size_t difference_width = 12;

std::string line(std::string_view label, std::string_view predicted, std::string_view published,
                 std::string_view difference, std::string_view source) {
  std::string out = pad_right(label, label_width) + pad_left(predicted, value_width) +
                    pad_left(published, value_width) + pad_left(difference, difference_width);
  if (!source.empty()) out += "  " + std::string(source);
  out.erase(out.find_last_not_of(' ') + 1);
  return out + "\n";
}

std::string indented(std::string_view label, std::size_t label_columns, std::string_view text) {
  const std::size_t indent = 2 + label_columns;
  return fmt::format("  {}{}\n", pad_right(label, label_columns),
                     wrap(text, page_width - indent, indent));
}

// Columns as wide as their widest cell.
std::string table_text(const LayoutTable& table) {
  std::vector<std::size_t> widths;
  for (const std::string& name : table.columns) widths.push_back(columns_of(name));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  const auto text = [&](const std::vector<std::string>& row) {
    std::string out = "  " + pad_right(row.front(), widths.front());
    for (std::size_t i = 1; i < row.size(); ++i) out += "  " + pad_left(row[i], widths[i]);
    return out + "\n";
  };
  std::string out = "\n" + table.title + "\n" + text(table.columns);
  for (const auto& row : table.rows) out += text(row);
  return out;
}

}  // namespace

std::string report_table(const Report& report) {
  const ReportLayout layout = layout_of(report);
  std::string out = layout.title + "\n";
  if (!layout.question.empty()) out += wrap(layout.question, page_width, 0) + "\n";
  out += "\n";
  for (const LayoutLine& l : layout.setup) out += indented(l.label, 10, l.text);
  out += "\n" + line("", "predicted", "published", "difference", "");
  for (const LayoutSection& section : layout.sections) {
    out += section.title + "\n";
    for (const LayoutRow& row : section.rows) {
      out += line("  " + row.label, row.predicted, row.published, row.difference,
                  row.source > 0 ? fmt::format("[{}]", row.source) : "");
    }
  }
  for (const LayoutTable& table : layout.tables) out += table_text(table);
  if (!layout.critical_path.empty()) out += "\nThe critical path spends most time in\n";
  for (const LayoutLine& l : layout.critical_path) out += indented(l.label, 10, l.text);
  if (!layout.notes.empty()) out += "\n";
  for (const std::string& note : layout.notes) out += wrap(note, page_width, 0) + "\n";
  out += "\nThe prediction rests on\n";
  for (const LayoutLine& l : layout.provenance) out += indented(l.label, 11, l.text);
  out += "Keys in capitals are explained in {profiles,planner}/data/sources.toml.\n";
  if (!layout.sources.empty()) out += "\nPublished figures\n";
  for (std::size_t i = 0; i < layout.sources.size(); ++i) {
    out += indented(fmt::format("[{}]", i + 1), 5, layout.sources[i]);
  }
  return out;
}

}  // namespace fleetwright
