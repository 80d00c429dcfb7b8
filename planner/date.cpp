#include "planner/date.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace fleetwright {
namespace {

// The digits of "2024-12-09" from a place on; nothing if one of them is none.
std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  const char* begin = text.data() + from;
  const auto [end, status] = std::from_chars(begin, begin + count, value);
  if (status != std::errc{} || end != begin + count || value < 0) return std::nullopt;
  return value;
}

int days_in(int year, int month) {
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  const bool year_alone = text.size() == 4;
  const bool month_too = text.size() == 7 && text[4] == '-';
  const bool whole = text.size() == 10 && text[4] == '-' && text[7] == '-';
  if (!year_alone && !month_too && !whole) return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = year_alone ? std::optional(7) : digits(text, 5, 2);
  const auto day = whole ? digits(text, 8, 2) : std::optional(1);
  if (!year || !month || !day) return std::nullopt;
  if (*year < 1990 || *year > 2100 || *month < 1 || *month > 12) return std::nullopt;
  if (*day < 1 || *day > days_in(*year, *month)) return std::nullopt;
  return Date{*year, *month, *day};
}

std::string to_string(const Date& date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

double months_between(const Date& from, const Date& to) {
  const auto months = [](const Date& d) {
    return d.year * 12.0 + d.month - 1 + (d.day - 1.0) / days_in(d.year, d.month);
  };
  return months(to) - months(from);
}

}  // namespace fleetwright
