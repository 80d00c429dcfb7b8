#include <fmt/format.h>

#include <algorithm>

#include "planner/output/charts/axis.hpp"
#include "planner/output/charts/charts.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {
namespace {

constexpr double width = 760, bar_height = 24, line_height = 18, head_height = 22, gap = 16;
constexpr double letter = 6.6;  // of a text of 12 units, on average

/// Labels of the parts, broken into lines that fit.
std::vector<std::vector<std::size_t>> label_lines(const std::vector<std::string>& labels) {
  std::vector<std::vector<std::size_t>> lines(1);
  double at = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double wide = letter * static_cast<double>(columns_of(labels[i])) + 32;
    if (at > 0 && at + wide > width) {
      lines.emplace_back();
      at = 0;
    }
    lines.back().push_back(i);
    at += wide;
  }
  return lines;
}

std::vector<std::string> labels_of(const ShareBar& bar, double total) {
  std::vector<std::string> labels;
  for (const Share& s : bar.shares) {
    labels.push_back(fmt::format("{} {:.1f} %", s.name, 100 * s.usd / total));
  }
  return labels;
}

double total_of(const ShareBar& bar) {
  double total = 0;
  for (const Share& s : bar.shares) total += s.usd;
  return total > 0 ? total : 1;
}

double height_of(const ShareBar& bar) {
  const auto lines = label_lines(labels_of(bar, total_of(bar)));
  return head_height + bar_height + line_height * static_cast<double>(lines.size()) + gap;
}

void draw(Figure& figure, const ShareBar& bar, double top) {
  const double total = total_of(bar);
  const std::vector<std::string> labels = labels_of(bar, total);
  figure.text(0, top + 14, bar.name, {.bold = true});
  figure.text(width, top + 14, short_usd(total), {.anchor = Anchor::end, .bold = true});
  double x = 0;
  for (std::size_t i = 0; i < bar.shares.size(); ++i) {
    const Share& s = bar.shares[i];
    const double wide = width * s.usd / total;
    figure.rect(x, top + head_height, wide, bar_height, s.colour,
                fmt::format("{}: {}", labels[i], short_usd(s.usd)));
    // A thin gap tells neighbours apart without their colours.
    if (i > 0) figure.line(x, top + head_height, x, top + head_height + bar_height, chart_paper, 2);
    if (wide > letter * static_cast<double>(columns_of(s.name)) + 12) {
      figure.text(x + 6, top + head_height + 16, s.name, {.size = 12, .fill = chart_paper});
    }
    x += wide;
  }
  double y = top + head_height + bar_height + 15;
  for (const auto& line : label_lines(labels)) {
    double at = 0;
    for (const std::size_t i : line) {
      figure.rect(at, y - 9, 10, 10, bar.shares[i].colour);
      figure.text(at + 15, y, labels[i], {.size = 12});
      at += letter * static_cast<double>(columns_of(labels[i])) + 32;
    }
    y += line_height;
  }
}

}  // namespace

std::string share_chart(const ChartHead& head, const std::vector<ShareBar>& bars) {
  double height = 0;
  for (const ShareBar& bar : bars) height += height_of(bar);
  Figure figure(head, width, height);
  double top = 0;
  for (const ShareBar& bar : bars) {
    draw(figure, bar, top);
    top += height_of(bar);
  }
  return std::move(figure).finish();
}

}  // namespace fleetwright
