#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/csv_table.hpp"
#include "models/operators.hpp"

namespace fleetwright {

/// The columns in which a table of measurements writes an operator: its kernel_name, its format,
/// words such as "backward quantized", and its dimensions, of which a kind of operator uses some
/// and leaves the rest empty. Token tables and vocabularies are rows by columns, an optimizer's
/// parameters are rows.
[[nodiscard]] const std::vector<std::string>& operator_columns();

/// The cells of operator_columns. Not for collectives.
[[nodiscard]] std::vector<std::string> operator_cells(const Operator& op);

/// The operator of a row; nothing if its kernel is none that a model emits. Throws ScenarioError
/// (located) where cells that the kernel needs are missing or malformed.
[[nodiscard]] std::optional<Operator> operator_of(const CsvTable& table, std::size_t row);

}  // namespace fleetwright
