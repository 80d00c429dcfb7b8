#pragma once

#include <optional>

#include "models/core/toml_table.hpp"
#include "planner/sweep/sweep_spec.hpp"

namespace fleetwright {

constexpr std::int64_t most_cases = 1'000'000;

/// Reads an [[axis]]: a list (`key`, `values`), a zip (`keys`, `values` of one array a point) or a
/// range (`key`, `from`, `to` and one of `step`, `factor` and `count`, with a `unit` where the key
/// has one). What is wrong becomes a diagnostic and reads as nothing.
[[nodiscard]] std::optional<SweepAxis> read_axis(TomlTable table);

/// Reads [sample]: `count` points drawn by `seed`. Each [[sample.draw]] is a key with `values` to
/// choose from, or `from` and `to` with `scale` ("linear" or "log"), `integer` and `unit`.
[[nodiscard]] std::optional<SweepAxis> read_sample(TomlTable table);

}  // namespace fleetwright
