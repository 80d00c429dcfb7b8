#include "planner/output/plot_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "planner/output/chart_colours.hpp"
#include "planner/output/markup.hpp"

namespace fleetwright {
namespace {

constexpr double width = 960, height = 600;
constexpr double left = 90, right = 700, top = 30, bottom = 520;
constexpr std::size_t most_rows_of_legend = 24;
constexpr std::size_t longest_word = 24;

/// The numbers of an axis and where they stand, from `begin` to `end` on the page.
class Axis {
 public:
  Axis(double least, double most, bool logarithmic, double begin, double end)
      : logarithmic_(logarithmic), begin_(begin), end_(end) {
    if (logarithmic_) {
      least = std::log10(least);
      most = std::log10(most);
    }
    if (!(most > least)) {
      const double around = logarithmic_ ? 0.5 : std::max(std::abs(least) / 10, 0.5);
      least -= around;
      most += around;
    }
    low_ = least - (most - least) * 0.05;
    high_ = most + (most - least) * 0.05;
  }

  [[nodiscard]] double at(double value) const {
    const double v = logarithmic_ ? std::log10(value) : value;
    return begin_ + (v - low_) / (high_ - low_) * (end_ - begin_);
  }

  /// Round numbers, some five of them.
  [[nodiscard]] std::vector<double> ticks() const {
    std::vector<double> out;
    if (logarithmic_ && high_ - low_ > 0.7) {
      const bool dense = high_ - low_ < 2.5;
      for (double d = std::floor(low_); d <= std::ceil(high_); ++d) {
        for (const double m : {1.0, 2.0, 5.0}) {
          const double at_log = d + std::log10(m);
          if ((m == 1.0 || dense) && at_log >= low_ && at_log <= high_) {
            out.push_back(std::pow(10, at_log));
          }
        }
      }
      return out;
    }
    const double from = logarithmic_ ? std::pow(10, low_) : low_;
    const double to = logarithmic_ ? std::pow(10, high_) : high_;
    const double rough = (to - from) / 5;
    const double decade = std::pow(10, std::floor(std::log10(rough)));
    const double factor = rough / decade;
    const double step = decade * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
    for (double i = std::ceil(from / step); i * step <= to; ++i) out.push_back(i * step);
    return out;
  }

 private:
  bool logarithmic_;
  double begin_;
  double end_;
  double low_ = 0;
  double high_ = 1;
};

struct Axes {
  Axis x;
  Axis y;
};

Axes axes_of(const Plot& plot) {
  constexpr double huge = std::numeric_limits<double>::infinity();
  double x0 = huge, x1 = -huge, y0 = huge, y1 = -huge;
  for (const PlotSeries& s : plot.series) {
    for (const PlotPoint& p : s.points) {
      x0 = std::min(x0, p.x);
      x1 = std::max(x1, p.x);
      y0 = std::min(y0, p.y);
      y1 = std::max(y1, p.y);
    }
  }
  if (x0 > x1) x0 = y0 = x1 = y1 = 1;
  return {Axis(x0, x1, plot.log_x, left, right), Axis(y0, y1, plot.log_y, bottom, top)};
}

std::string shortened(const std::string& word) {
  return word.size() <= longest_word ? word : word.substr(0, longest_word - 3) + "...";
}

std::string tick_x(double at, const std::string& text, bool word) {
  const std::string line = fmt::format(
      "<line x1=\"{0:.1f}\" y1=\"{1:g}\" x2=\"{0:.1f}\" y2=\"{2:g}\" stroke=\"#ddd\"/>\n", at, top,
      bottom);
  const std::string place =
      word ? fmt::format("transform=\"translate({:.1f} {:g}) rotate(-25)\" text-anchor=\"end\"", at,
                         bottom + 18)
           : fmt::format("x=\"{:.1f}\" y=\"{:g}\" text-anchor=\"middle\"", at, bottom + 20);
  return line + fmt::format("<text {}>{}</text>\n", place, markup_text(text));
}

std::string grid(const Plot& plot, const Axes& axes) {
  std::string out;
  if (plot.x_words.empty()) {
    for (const double t : axes.x.ticks()) {
      out += tick_x(axes.x.at(t), fmt::format("{:.6g}", t), false);
    }
  } else {
    for (std::size_t i = 0; i < plot.x_words.size(); ++i) {
      out += tick_x(axes.x.at(static_cast<double>(i)), shortened(plot.x_words[i]), true);
    }
  }
  for (const double t : axes.y.ticks()) {
    const double y = axes.y.at(t);
    out += fmt::format(
        "<line x1=\"{0:g}\" y1=\"{2:.1f}\" x2=\"{1:g}\" y2=\"{2:.1f}\" stroke=\"#ddd\"/>\n"
        "<text x=\"{3:g}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:.6g}</text>\n",
        left, right, y, left - 8, y + 4, t);
  }
  return out + fmt::format(
                   "<rect x=\"{:g}\" y=\"{:g}\" width=\"{:g}\" height=\"{:g}\" fill=\"none\" "
                   "stroke=\"#888\"/>\n",
                   left, top, right - left, bottom - top);
}

std::string series(const PlotSeries& s, std::string_view colour, const Axes& axes) {
  std::vector<PlotPoint> points = s.points;
  std::ranges::stable_sort(points, {}, &PlotPoint::x);
  std::string line;
  std::string marks;
  for (const PlotPoint& p : points) {
    const std::string x = fmt::format("{:.1f}", axes.x.at(p.x));
    const std::string y = fmt::format("{:.1f}", axes.y.at(p.y));
    line += (line.empty() ? "" : " ") + x + "," + y;
    marks +=
        fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"4\" fill=\"{}\"><title>{}</title></circle>\n",
                    x, y, colour, markup_text(p.label));
  }
  return fmt::format(
             "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" "
             "stroke-opacity=\"0.6\"/>\n",
             line, colour) +
         marks;
}

std::string legend(const std::vector<PlotSeries>& all) {
  std::string out;
  if (all.size() == 1 && all.front().name.empty()) return out;
  for (std::size_t i = 0; i < all.size() && i < most_rows_of_legend; ++i) {
    const double y = top + 12 + 20 * static_cast<double>(i);
    const bool last = i + 1 == most_rows_of_legend && all.size() > most_rows_of_legend;
    const std::string text =
        last ? fmt::format("and {} more", all.size() - i) : shortened(all[i].name);
    if (!last) {
      out += fmt::format("<circle cx=\"{:g}\" cy=\"{:g}\" r=\"5\" fill=\"{}\"/>\n", right + 20,
                         y - 4, chart_colour(i));
    }
    out += fmt::format("<text x=\"{:g}\" y=\"{:g}\">{}</text>\n", right + 32, y, markup_text(text));
  }
  return out;
}

}  // namespace

std::string plot_svg(const Plot& plot) {
  const Axes axes = axes_of(plot);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" "
      "viewBox=\"0 0 {0:g} {1:g}\" font-family=\"sans-serif\" font-size=\"13\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      width, height);
  out += grid(plot, axes);
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    out += series(plot.series[i], chart_colour(i), axes);
  }
  out += legend(plot.series);
  out += fmt::format("<text x=\"{:g}\" y=\"{:g}\" text-anchor=\"middle\">{}</text>\n",
                     (left + right) / 2, plot.x_words.empty() ? bottom + 44 : height - 8,
                     markup_text(plot.x_title));
  return out + fmt::format(
                   "<text transform=\"translate(18 {:g}) rotate(-90)\" "
                   "text-anchor=\"middle\">{}</text>\n</svg>\n",
                   (top + bottom) / 2, markup_text(plot.y_title));
}

}  // namespace fleetwright
