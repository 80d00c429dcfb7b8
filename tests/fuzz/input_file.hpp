#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace fleetwright::fuzzing {

/// The input of a run, as libFuzzer hands it over.
inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A file in memory that holds the input, for readers that take a path. It is the same file in each
/// run.
[[nodiscard]] std::filesystem::path input_file(std::string_view text);

}  // namespace fleetwright::fuzzing
