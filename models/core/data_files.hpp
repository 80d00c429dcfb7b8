#pragma once

#include <filesystem>

namespace fleetwright {

/// The folder or file of that path relative to the project's root ("profiles/data/links.toml"),
/// looked for in $FLEETWRIGHT_DATA, beside the installed program, and in the source tree it was
/// built from. Throws Error naming the places tried.
[[nodiscard]] std::filesystem::path data_file(const std::filesystem::path& relative);

}  // namespace fleetwright
