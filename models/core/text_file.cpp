#include "models/core/text_file.hpp"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

#include "models/core/error.hpp"

namespace fleetwright {

std::string read_text_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file)) {
    throw Error(fmt::format("cannot read '{}'", file.string()));
  }
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) throw Error(fmt::format("cannot read '{}'", file.string()));
  return text;
}

}  // namespace fleetwright
