#include "models/core/text_file.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <system_error>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// Scenarios, models and tables are megabytes at the most; what is far larger is another file.
constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20;

}  // namespace

std::string read_text_file(const std::filesystem::path& file) {
  const auto unreadable = [&] { return Error(fmt::format("cannot read '{}'", file.string())); };
  // Before it is opened, which would wait for the other end of a pipe.
  std::error_code none;
  if (!std::filesystem::is_regular_file(file, none)) throw unreadable();
  std::ifstream in(file, std::ios::binary);
  if (!in) throw unreadable();
  if (const auto bytes = std::filesystem::file_size(file); bytes > most_bytes) {
    throw Error(fmt::format("'{}' has {} bytes, and at most {} are read", file.string(), bytes,
                            most_bytes));
  }
  try {
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (in.bad()) throw unreadable();
    return text;
  } catch (const std::ios_base::failure&) {  // of the device, or of what only looks like a file
    throw unreadable();
  }
}

}  // namespace fleetwright
