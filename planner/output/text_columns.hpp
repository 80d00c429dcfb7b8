#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fleetwright {

/// Columns that a text takes on a terminal: code points, which is right for all but wide scripts.
[[nodiscard]] std::size_t columns_of(std::string_view text);

[[nodiscard]] std::string pad_right(std::string_view text, std::size_t columns);
[[nodiscard]] std::string pad_left(std::string_view text, std::size_t columns);

/// Breaks a text at spaces so that no line is wider than `width`; lines after the first are
/// indented. A single longer word stands alone. Ends without a line break.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t width, std::size_t indent);

/// A cell of a CSV file: quoted where it needs to be (RFC 4180).
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace fleetwright
