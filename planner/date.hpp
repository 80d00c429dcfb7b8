#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace fleetwright {

/// A day of the calendar, as prices and rules are dated. Ordered by time.
struct Date {
  int year = 1970;
  int month = 1;
  int day = 1;

  auto operator<=>(const Date&) const = default;
};

/// Reads "2024-12-09", "2024-12" (its first day) and "2024" (the first of July: the middle of what
/// it may mean). Nothing if it is no day of the years 1990 to 2100.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);

/// "2024-12-09".
[[nodiscard]] std::string to_string(const Date& date);

/// From one day to another, in months of equal length; negative if the other is earlier.
[[nodiscard]] double months_between(const Date& from, const Date& to);

}  // namespace fleetwright
