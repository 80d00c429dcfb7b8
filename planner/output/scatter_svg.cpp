#include "planner/output/scatter_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "planner/output/chart_colours.hpp"
#include "planner/output/markup.hpp"

namespace fleetwright {
namespace {

constexpr double width = 960, height = 760;
constexpr double left = 80, right = 700, top = 40, bottom = 690;
constexpr double tolerance = 0.2;

/// Whole decades around all points, the same on both axes.
class Axes {
 public:
  explicit Axes(const std::vector<ScatterPoint>& points) {
    double least = 1, most = 10;
    bool first = true;
    for (const ScatterPoint& p : points) {
      const auto [low, high] = std::minmax(p.measured, p.predicted);
      least = first ? low : std::min(least, low);
      most = first ? high : std::max(most, high);
      first = false;
    }
    low_ = std::floor(std::log10(least));
    high_ = std::max(low_ + 1, std::ceil(std::log10(most)));
  }
  [[nodiscard]] double x(double value) const { return left + share(value) * (right - left); }
  [[nodiscard]] double y(double value) const { return bottom - share(value) * (bottom - top); }
  [[nodiscard]] double least() const { return std::pow(10, low_); }
  [[nodiscard]] double most() const { return std::pow(10, high_); }
  [[nodiscard]] int decades() const { return static_cast<int>(high_ - low_); }

 private:
  [[nodiscard]] double share(double value) const {
    return (std::log10(value) - low_) / (high_ - low_);
  }
  double low_ = 0;
  double high_ = 1;
};

std::string line(double x1, double y1, double x2, double y2, std::string_view style) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", x1, y1,
                     x2, y2, style);
}

std::string grid(const Axes& axes) {
  std::string out;
  for (int d = 0; d <= axes.decades(); ++d) {
    const double decade = axes.least() * std::pow(10, d);
    for (int step = 1; step < 10; ++step) {
      const double value = decade * step;
      if (value > axes.most() * 1.001) break;
      const std::string_view style = step == 1 ? "stroke=\"#bbb\"" : "stroke=\"#eee\"";
      out += line(axes.x(value), top, axes.x(value), bottom, style);
      out += line(left, axes.y(value), right, axes.y(value), style);
    }
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:g}</text>\n",
                       axes.x(decade), bottom + 20, decade);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{:g}</text>\n",
                       left - 8, axes.y(decade) + 4, decade);
  }
  return out;
}

// The line predicted = factor x measured, as far as it lies inside.
std::string ratio_line(const Axes& axes, double factor, std::string_view style) {
  const double from = std::max(axes.least(), axes.least() / factor);
  const double to = std::min(axes.most(), axes.most() / factor);
  return line(axes.x(from), axes.y(from * factor), axes.x(to), axes.y(to * factor), style);
}

}  // namespace

std::string scatter_svg(const std::vector<ScatterPoint>& points) {
  const Axes axes(points);
  std::map<std::string, int> count;
  for (const ScatterPoint& p : points) ++count[p.series];
  std::map<std::string, std::string_view> colour;
  for (const auto& [series, n] : count) colour[series] = chart_colour(colour.size());

  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" "
      "viewBox=\"0 0 {0:g} {1:g}\" font-family=\"sans-serif\" font-size=\"13\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      width, height);
  out += grid(axes);
  out += ratio_line(axes, 1, "stroke=\"#444\" stroke-width=\"1.5\"");
  out += ratio_line(axes, 1 + tolerance, "stroke=\"#444\" stroke-dasharray=\"6 4\"");
  out += ratio_line(axes, 1 - tolerance, "stroke=\"#444\" stroke-dasharray=\"6 4\"");
  for (const ScatterPoint& p : points) {
    out += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\" fill=\"{}\" fill-opacity=\"0.65\">"
        "<title>{}: measured {:.4g} s, predicted {:.4g} s</title></circle>\n",
        axes.x(p.measured), axes.y(p.predicted), colour[p.series], markup_text(p.label), p.measured,
        p.predicted);
  }
  double at = top + 12;
  for (const auto& [series, n] : count) {
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"{}\"/>\n", right + 20,
                       at - 4, colour[series]);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{} ({})</text>\n", right + 32, at,
                       markup_text(series), n);
    at += 20;
  }
  out +=
      fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">dashed: 20 % off</text>\n", right + 14, at + 8);
  out += fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">measured step time in s</text>\n",
      (left + right) / 2, bottom + 46);
  out += fmt::format(
      "<text transform=\"translate(24 {:.1f}) rotate(-90)\" text-anchor=\"middle\">"
      "predicted step time in s</text>\n</svg>\n",
      (top + bottom) / 2);
  return out;
}

}  // namespace fleetwright
