#include "gui/theme.hpp"

#include <gtest/gtest.h>

#include <QApplication>
#include <QPalette>
#include <array>
#include <cmath>

// Colours for eyes of all kinds.
namespace fleetwright::gui {
namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

// What is left of linear RGB without one kind of cones: Machado, Oliveira and Fernandes 2009,
// severity 1.
constexpr Matrix without_red{{{0.152286, 1.052583, -0.204868},
                              {0.114503, 0.786281, 0.099216},
                              {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix without_green{{{0.367322, 0.860646, -0.227968},
                                {0.280085, 0.672501, 0.047413},
                                {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix without_blue{{{1.255528, -0.076749, -0.178779},
                               {-0.078411, 0.930809, 0.147602},
                               {0.004733, 0.691367, 0.303900}}};
constexpr Matrix all_cones{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

Triple times(const Matrix& m, const Triple& v) {
  Triple product{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t c = 0; c < 3; ++c) product[row] += m[row][c] * v[c];
  }
  return product;
}

Triple linear(const QColor& colour) {
  const auto channel = [](double c) {
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return {channel(colour.redF()), channel(colour.greenF()), channel(colour.blueF())};
}

// CIE 1976 L*a*b*, white point D65.
Triple lab(const Triple& rgb) {
  constexpr Matrix to_xyz{
      {{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}}};
  const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
  const Triple xyz = times(to_xyz, rgb);
  const double x = f(xyz[0] / 0.9505), y = f(xyz[1]), z = f(xyz[2] / 1.089);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double distance(const Triple& a, const Triple& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// WCAG 2.1, contrast ratio.
double contrast(const QColor& a, const QColor& b) {
  const auto luminance = [](const QColor& c) {
    const Triple rgb = linear(c);
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  };
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

class ThemeTest : public ::testing::TestWithParam<Theme> {
 protected:
  void SetUp() override { apply_theme(GetParam()); }
  void TearDown() override { apply_theme(Theme::light); }
};

TEST_P(ThemeTest, TellsItsEightColoursApartForAllKindsOfEyes) {
  for (const Matrix& eyes : {all_cones, without_red, without_green, without_blue}) {
    for (int a = 0; a < 8; ++a) {
      for (int b = 0; b < a; ++b) {
        EXPECT_GT(distance(lab(times(eyes, linear(series_colour(a)))),
                           lab(times(eyes, linear(series_colour(b))))),
                  15)
            << a << " and " << b;
      }
    }
  }
}

// WCAG 2.1, 1.4.3: 4.5 for text.
TEST_P(ThemeTest, WritesWithEnoughContrast) {
  const QPalette colours = QApplication::palette();
  const auto expect = [&](QPalette::ColorRole text, QPalette::ColorRole ground) {
    EXPECT_GE(contrast(colours.color(text), colours.color(ground)), 4.5)
        << text << " on " << ground;
  };
  expect(QPalette::Text, QPalette::Base);
  expect(QPalette::Text, QPalette::AlternateBase);
  expect(QPalette::WindowText, QPalette::Window);
  expect(QPalette::ButtonText, QPalette::Button);
  expect(QPalette::PlaceholderText, QPalette::Base);
  expect(QPalette::HighlightedText, QPalette::Highlight);
  expect(QPalette::ToolTipText, QPalette::ToolTipBase);
  EXPECT_GE(contrast(error_colour(), colours.color(QPalette::Base)), 4.5);
}

INSTANTIATE_TEST_SUITE_P(Both, ThemeTest, ::testing::Values(Theme::light, Theme::dark));

}  // namespace
}  // namespace fleetwright::gui
