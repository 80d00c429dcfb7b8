#include "models/core/data_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "models/core/build_paths.hpp"
#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// <prefix>/bin/fleetwright finds <prefix>/share/fleetwright, wherever it was moved to.
std::filesystem::path beside_the_program() {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return {};
  return program.parent_path().parent_path() / "share" / "fleetwright";
}

}  // namespace

std::filesystem::path data_file(const std::filesystem::path& relative) {
  std::vector<std::filesystem::path> roots;
  if (const char* chosen = std::getenv("FLEETWRIGHT_DATA")) roots.emplace_back(chosen);
  roots.push_back(beside_the_program());
  roots.emplace_back(build_paths::source_root);
  std::vector<std::string> tried;
  for (const auto& root : roots) {
    if (root.empty()) continue;
    const auto candidate = root / relative;
    if (std::filesystem::exists(candidate)) return candidate;
    tried.push_back(candidate.string());
  }
  throw Error(fmt::format("cannot find the data file '{}'; looked for {}", relative.string(),
                          fmt::join(tried, ", ")));
}

}  // namespace fleetwright
