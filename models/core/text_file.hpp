#pragma once

#include <filesystem>
#include <string>

namespace fleetwright {

/// The bytes of a regular file. Throws Error if it cannot be read.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& file);

}  // namespace fleetwright
