#pragma once

#include "gui/models/content.hpp"
#include "gui/models/run.hpp"

namespace fleetwright::gui {

/// Load of the links of one kind: all NICs of an island, all scale-up ports.
struct LinkKind {
  QString name;   // of a link, without its numbers: "nic.out", "a100.gpu.in"
  int links = 0;  // that the report has
  double capacity = 0;
  double mean_load = 0;  // highest of its links
  double busy_load = 0;
};

/// Links of the report by kind, fullest first.
[[nodiscard]] std::vector<LinkKind> link_kinds(const Report& report);

/// The islands of a report: nodes, their scale-up links and NICs, and the switches between them,
/// each with its load. Nodes that are alike are drawn as the first, the last, and those between.
[[nodiscard]] DiagramData network_diagram(const Report& report);

}  // namespace fleetwright::gui
