#pragma once

#include <string>
#include <vector>

#include "planner/report.hpp"

namespace fleetwright {

/// One quantity for people: all cells are ready to print.
struct LayoutRow {
  std::string label;
  std::string path;
  std::string predicted;
  std::string published;   // empty where nothing is claimed
  std::string difference;  // empty where nothing is claimed
  int source = 0;          // 1-based number in ReportLayout::sources, 0 for none
};

struct LayoutSection {
  std::string title;
  std::vector<LayoutRow> rows;
};

/// A labelled line of text.
struct LayoutLine {
  std::string label;
  std::string text;
};

/// A table of its own: the first column is a name, the others are numbers.
struct LayoutTable {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// What the formats for people have in common: which quantities, in which order, under which
/// headings.
struct ReportLayout {
  std::string title;
  std::string question;
  std::vector<LayoutLine> setup;
  std::vector<LayoutSection> sections;
  std::vector<LayoutTable> tables;
  std::vector<LayoutLine> critical_path;  // share and what it is spent on
  std::vector<std::string> notes;
  std::vector<LayoutLine> provenance;  // "published", "rent: ..."
  std::vector<std::string> sources;    // of the published column
};

[[nodiscard]] ReportLayout layout_of(const Report& report);

}  // namespace fleetwright
