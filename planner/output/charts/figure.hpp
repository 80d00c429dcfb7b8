#pragma once

#include <array>
#include <string>
#include <string_view>

namespace fleetwright {

/// What a chart is called, and in words what it shows, for those who cannot see it.
struct ChartHead {
  std::string id;  // of the SVG element; unique on the page
  std::string title;
  std::string description;
};

/// A colour that stands out from white by at least 3 to 1 as a shape (WCAG 2.2, 1.4.11), and
/// carries white text by at least 4.5 to 1 (1.4.3). No two need to be told apart by colour alone:
/// every shape is labelled, listed in a table beside the chart, or both.
struct ChartColour {
  std::string_view name;
  std::string_view hex;
};

constexpr std::array<ChartColour, 9> chart_colours{{{"blue", "#0b5394"},
                                                    {"rust", "#b7410e"},
                                                    {"teal", "#00735c"},
                                                    {"plum", "#8e4585"},
                                                    {"ochre", "#8a6100"},
                                                    {"sky", "#2374ab"},
                                                    {"crimson", "#a3153f"},
                                                    {"grey", "#5a5a5a"},
                                                    {"olive", "#5b6b00"}}};
constexpr std::string_view chart_ink = "#1c1c1c";    // text and axes
constexpr std::string_view chart_muted = "#595959";  // text of less weight
constexpr std::string_view chart_paper = "#ffffff";

/// Throws std::out_of_range for a name that the palette has not.
[[nodiscard]] std::string_view chart_colour(std::string_view name);

enum class Anchor { start, middle, end };

/// How a text is set.
struct TextStyle {
  Anchor anchor = Anchor::start;
  double size = 13;
  bool bold = false;
  std::string_view fill = chart_ink;
};

/// An SVG picture in the making: no script, no reference to anything outside. Coordinates are user
/// units; y grows downwards.
class Figure {
 public:
  Figure(const ChartHead& head, double width, double height);

  /// `hint`, where there is one, is shown by the pointer and read out.
  void rect(double x, double y, double width, double height, std::string_view fill,
            const std::string& hint = "");
  void line(double x1, double y1, double x2, double y2, std::string_view stroke, double width = 1,
            std::string_view dashes = "");
  void diamond(double x, double y, double radius, std::string_view fill,
               const std::string& hint = "");
  void circle(double x, double y, double radius, std::string_view fill,
              const std::string& hint = "");
  void text(double x, double y, const std::string& text, const TextStyle& style = {});

  [[nodiscard]] std::string finish() &&;

 private:
  void shape(std::string_view element, const std::string& attributes, const std::string& hint);

  std::string out_;
};

/// `text` if it has at most that many characters, else its beginning and an ellipsis.
[[nodiscard]] std::string shortened(const std::string& text, std::size_t characters);

}  // namespace fleetwright
