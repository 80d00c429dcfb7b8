#include "planner/output/report_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "planner/output/human_value.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t most_rows = 10;
constexpr std::size_t most_of_one_gpu = 4;  // both ways of its NIC and its port

std::string seconds(Seconds time) { return human_value("time_s", time.si()); }
std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

LayoutTable ranks_table(const Report& report) {
  LayoutTable table{fmt::format("Pipeline ranks, in column {}", report.simulation->recorded_column),
                    {"rank", "computation", "exposed communication", "bubble", "optimizer"},
                    {}};
  for (std::size_t rank = 0; rank < report.step.ranks.size(); ++rank) {
    const RankTime& t = report.step.ranks[rank];
    table.rows.push_back({fmt::format("{}", rank), seconds(t.compute),
                          seconds(t.exposed_communication), seconds(t.bubble),
                          seconds(t.optimizer)});
  }
  return table;
}

LayoutTable columns_table(const SimulationReport& s) {
  LayoutTable table{
      "Columns that end their passes last",
      {"column", "stands for", "GPUs of stage 0", "passes end", "kernels, busiest rank"},
      {}};
  for (std::size_t i = 0; i < std::min(s.simulated.size(), most_rows); ++i) {
    const ColumnReport& c = s.simulated[i];
    table.rows.push_back({fmt::format("{}", c.column), fmt::format("{}", c.stands_for),
                          fmt::format("{} to {}", c.first_gpu, c.first_gpu + s.gpus_per_column - 1),
                          seconds(c.passes_end), seconds(c.kernels)});
  }
  return table;
}

LayoutTable links_table(const std::vector<LinkUsage>& links, std::size_t most) {
  LayoutTable table{"Links with the highest load",
                    {"link", "capacity", "bytes", "load", "busy", "load while busy"},
                    {}};
  for (std::size_t i = 0; i < std::min(links.size(), most); ++i) {
    const LinkUsage& link = links[i];
    table.rows.push_back({link.name, fmt::format("{:.4g} GB/s", link.capacity.si() / 1e9),
                          fmt::format("{:.4g} GB", link.bytes.si() / 1e9), percent(link.mean_load),
                          seconds(link.busy), percent(link.busy_load)});
  }
  return table;
}

}  // namespace

std::vector<LayoutTable> report_tables(const Report& report) {
  if (!report.simulation) return {links_table(report.step.links, most_of_one_gpu)};
  return {ranks_table(report), columns_table(*report.simulation),
          links_table(report.step.links, most_rows)};
}

}  // namespace fleetwright
