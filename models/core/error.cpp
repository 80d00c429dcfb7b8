#include "models/core/error.hpp"

#include <fmt/core.h>

#include <cstdlib>

namespace fleetwright {

void fail_invariant(std::string_view expression, std::string_view message,
                    std::source_location where) {
  fmt::print(stderr, "fleetwright: bug: {} broken at {}:{} ({}): {}\n", expression,
             where.file_name(), where.line(), where.function_name(), message);
  std::abort();
}

}  // namespace fleetwright
