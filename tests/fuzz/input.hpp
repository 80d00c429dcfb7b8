#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"

namespace fleetwright::fuzzing {

/// A file in memory that holds the input, for readers that take a path. It is the same file in each
/// run.
[[nodiscard]] std::filesystem::path input_file(std::string_view text);

/// How many inputs were good: a target's seeds must hold one, else they are about a format of old.
inline std::size_t good_inputs = 0;

/// Hands an input of libFuzzer over as a text. `read` gives whether it was good, or refuses it by
/// one of these errors; any other ends the program.
template <typename Read>
int run(const std::uint8_t* data, std::size_t size, Read read) {
  try {
    if (read(std::string_view(reinterpret_cast<const char*>(data), size))) ++good_inputs;
  } catch (const ScenarioError&) {
  } catch (const Infeasible&) {
  } catch (const Error&) {
  }
  return 0;
}

}  // namespace fleetwright::fuzzing
