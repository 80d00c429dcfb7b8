#include "planner/output/charts/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "planner/output/markup.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {

std::string_view chart_colour(std::string_view name) {
  const auto it = std::ranges::find(chart_colours, name, &ChartColour::name);
  if (it == chart_colours.end()) throw std::out_of_range("no such colour: " + std::string(name));
  return it->hex;
}

Figure::Figure(const ChartHead& head, double width, double height)
    : out_(fmt::format("<svg id=\"{0}\" role=\"img\" aria-labelledby=\"{0}-title {0}-text\" "
                       "xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {1:g} {2:g}\">\n"
                       "<title id=\"{0}-title\">{3}</title>\n<desc id=\"{0}-text\">{4}</desc>\n",
                       markup_text(head.id), width, height, markup_text(head.title),
                       markup_text(head.description))) {}

void Figure::shape(std::string_view element, const std::string& attributes,
                   const std::string& hint) {
  if (hint.empty()) {
    out_ += fmt::format("<{} {}/>\n", element, attributes);
  } else {
    out_ +=
        fmt::format("<{0} {1}><title>{2}</title></{0}>\n", element, attributes, markup_text(hint));
  }
}

void Figure::rect(double x, double y, double width, double height, std::string_view fill,
                  const std::string& hint) {
  shape("rect",
        fmt::format("x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"", x,
                    y, std::max(width, 0.0), std::max(height, 0.0), fill),
        hint);
}

void Figure::line(double x1, double y1, double x2, double y2, std::string_view stroke, double width,
                  std::string_view dashes) {
  const std::string dashed = dashes.empty() ? "" : fmt::format(" stroke-dasharray=\"{}\"", dashes);
  shape("line",
        fmt::format("x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" "
                    "stroke-width=\"{:g}\"{}",
                    x1, y1, x2, y2, stroke, width, dashed),
        "");
}

void Figure::diamond(double x, double y, double r, std::string_view fill, const std::string& hint) {
  shape("path",
        fmt::format("d=\"M{:.1f} {:.1f}l{:g} {:g}l{:g} {:g}l{:g} {:g}z\" fill=\"{}\" "
                    "stroke=\"{}\" stroke-width=\"1\"",
                    x, y - r, r, r, -r, r, -r, -r, fill, chart_paper),
        hint);
}

void Figure::circle(double x, double y, double radius, std::string_view fill,
                    const std::string& hint) {
  shape("circle",
        fmt::format("cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\" fill=\"{}\"", x, y, radius, fill),
        hint);
}

void Figure::text(double x, double y, const std::string& text, const TextStyle& style) {
  const char* anchors[] = {"start", "middle", "end"};
  out_ += fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"{:g}\"{} fill=\"{}\">{}"
      "</text>\n",
      x, y, anchors[static_cast<int>(style.anchor)], style.size,
      style.bold ? " font-weight=\"600\"" : "", style.fill, markup_text(text));
}

std::string Figure::finish() && { return std::move(out_) + "</svg>\n"; }

std::string shortened(const std::string& text, std::size_t characters) {
  if (columns_of(text) <= characters) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    if (columns_of(out) + 1 >= characters) break;
    out += text.substr(i, next - i);
    i = next;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out + "\xE2\x80\xA6";
}

}  // namespace fleetwright
