#pragma once

#include <QString>

namespace fleetwright::gui {

/// A number with four significant digits and no exponent: "18.60", "2048", "0.0021".
[[nodiscard]] QString four_digits(double value);

/// A number with its SI prefix and unit: prefixed(2.49e6, "h") is "2.490 M h".
[[nodiscard]] QString prefixed(double value, const QString& unit = {});

/// A share of one: "46.92 %"; with `sign`, "+7.5 %".
[[nodiscard]] QString percent(double share, bool sign = false);

/// "18.60 s", "411.4 ms".
[[nodiscard]] QString seconds_text(double seconds);

/// "71.11 GiB".
[[nodiscard]] QString bytes_text(double bytes);

/// "$5.131 M".
[[nodiscard]] QString dollars_text(double dollars);

/// The value at `path` of a report ("step.time_s") for people. The unit is the path's ending.
[[nodiscard]] QString value_text(const QString& path, double value);

/// What the value at `path` is called: "step.time_s" is "Time of a step".
[[nodiscard]] QString label_of(const QString& path);

}  // namespace fleetwright::gui
