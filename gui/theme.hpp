#pragma once

#include <QColor>

#include "gui/models/content.hpp"

namespace fleetwright::gui {

enum class Theme { light, dark };

/// Fusion with a light or a dark palette, for all windows.
void apply_theme(Theme theme);
/// What the desktop's own palette looks like.
[[nodiscard]] Theme desktop_theme();
[[nodiscard]] bool is_dark();

/// Colours that people with any form of colour blindness can tell apart (Okabe and Ito, 2008); the
/// ninth is the first again.
[[nodiscard]] QColor series_colour(int number);
/// Behind text; transparent where the tone is plain.
[[nodiscard]] QColor tone_colour(Tone tone);
/// For what is wrong.
[[nodiscard]] QColor error_colour();

}  // namespace fleetwright::gui
