#include "gui/theme.hpp"

#include <QApplication>
#include <QPalette>
#include <QStyleFactory>
#include <array>

namespace fleetwright::gui {
namespace {

QPalette light_palette() {
  QPalette p(QColor(0xf4, 0xf5, 0xf7));
  p.setColor(QPalette::Base, Qt::white);
  p.setColor(QPalette::AlternateBase, QColor(0xf0, 0xf2, 0xf5));
  p.setColor(QPalette::Text, QColor(0x1c, 0x1f, 0x24));
  p.setColor(QPalette::WindowText, QColor(0x1c, 0x1f, 0x24));
  p.setColor(QPalette::ButtonText, QColor(0x1c, 0x1f, 0x24));
  for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText}) {
    p.setColor(QPalette::Disabled, role, QColor(0x8b, 0x91, 0x9b));
  }
  p.setColor(QPalette::PlaceholderText, QColor(0x6b, 0x72, 0x80));
  p.setColor(QPalette::Highlight, QColor(0x00, 0x5f, 0x99));
  p.setColor(QPalette::HighlightedText, Qt::white);
  p.setColor(QPalette::Link, QColor(0x00, 0x5f, 0x99));
  return p;
}

QPalette dark_palette() {
  QPalette p(QColor(0x25, 0x28, 0x2d));
  p.setColor(QPalette::Base, QColor(0x1b, 0x1d, 0x21));
  p.setColor(QPalette::AlternateBase, QColor(0x22, 0x25, 0x2a));
  p.setColor(QPalette::ToolTipBase, QColor(0x32, 0x36, 0x3d));
  p.setColor(QPalette::ToolTipText, QColor(0xe6, 0xe8, 0xeb));
  for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText}) {
    p.setColor(role, QColor(0xe6, 0xe8, 0xeb));
    p.setColor(QPalette::Disabled, role, QColor(0x7d, 0x84, 0x8f));
  }
  p.setColor(QPalette::BrightText, Qt::white);
  p.setColor(QPalette::PlaceholderText, QColor(0x96, 0x9d, 0xa8));
  p.setColor(QPalette::Highlight, QColor(0x29, 0x78, 0xb3));
  p.setColor(QPalette::HighlightedText, Qt::white);
  p.setColor(QPalette::Link, QColor(0x6c, 0xb8, 0xec));
  return p;
}

}  // namespace

Theme desktop_theme() {
  static const bool dark = QApplication::palette().color(QPalette::Window).lightness() < 128;
  return dark ? Theme::dark : Theme::light;
}

void apply_theme(Theme theme) {
  (void)desktop_theme();  // before ours hides it
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  QApplication::setPalette(theme == Theme::dark ? dark_palette() : light_palette());
}

bool is_dark() { return QApplication::palette().color(QPalette::Window).lightness() < 128; }

QColor series_colour(int number) {
  // Of Okabe and Ito; their black is a grey that stands out from the background and from pink,
  // which a lighter one is not told from without green cones.
  const int grey = is_dark() ? 0xd0 : 0x40;
  const std::array colours{QColor(0x00, 0x72, 0xb2), QColor(0xe6, 0x9f, 0x00),
                           QColor(0x00, 0x9e, 0x73), QColor(0xcc, 0x79, 0xa7),
                           QColor(0x56, 0xb4, 0xe9), QColor(0xd5, 0x5e, 0x00),
                           QColor(0xf0, 0xe4, 0x42), QColor(grey, grey, grey)};
  return colours[static_cast<std::size_t>(number) % colours.size()];
}

QColor tone_colour(Tone tone) {
  if (tone == Tone::plain) return Qt::transparent;
  // Of Okabe and Ito: bluish green, sky blue, orange, vermillion.
  static const std::array colours{QColor(0x00, 0x9e, 0x73), QColor(0x56, 0xb4, 0xe9),
                                  QColor(0xe6, 0x9f, 0x00), QColor(0xd5, 0x5e, 0x00)};
  QColor colour = colours[static_cast<std::size_t>(tone) - 1];
  colour.setAlpha(is_dark() ? 115 : 105);
  return colour;
}

QColor error_colour() { return is_dark() ? QColor(0xff, 0x8a, 0x65) : QColor(0xb7, 0x1c, 0x1c); }

}  // namespace fleetwright::gui
