#pragma once

#include <string>

#include "models/core/quantity.hpp"

namespace fleetwright {

/// Numbers for people: three to five significant digits and the unit that fits.
[[nodiscard]] std::string human(Seconds time);                   // "19.93 s", "54.30 days"
[[nodiscard]] std::string human(Bytes bytes);                    // "61.20 GiB"
[[nodiscard]] std::string human(Usd money);                      // "$1.500 M"
[[nodiscard]] std::string human_count(double count);             // "671.03 B", "1.250 M"
[[nodiscard]] std::string signed_percent(double ratio_minus_1);  // "+3.2 %"

/// Six significant digits, the form of golden files and tables that machines read.
[[nodiscard]] std::string six_digits(double value);

/// The number that its first twelve digits say: enough for the parts of a step to add up to it, few
/// enough to hide the last bits, which differ between compilers.
[[nodiscard]] double twelve_digits(double value);

}  // namespace fleetwright
