#include "models/core/text_file.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <fstream>
#include <iterator>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// Scenarios, models and tables are megabytes at the most; what is far larger is another file.
constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20;

}  // namespace

std::string read_text_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file)) {
    throw Error(fmt::format("cannot read '{}'", file.string()));
  }
  if (const auto bytes = std::filesystem::file_size(file); bytes > most_bytes) {
    throw Error(fmt::format("'{}' has {} bytes, and at most {} are read", file.string(), bytes,
                            most_bytes));
  }
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) throw Error(fmt::format("cannot read '{}'", file.string()));
  return text;
}

}  // namespace fleetwright
