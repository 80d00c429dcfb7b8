#pragma once

#include <filesystem>
#include <string>

namespace fleetwright {

/// The bytes of a regular file of up to 64 MiB. Throws Error if it is larger or cannot be read.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& file);

}  // namespace fleetwright
