#pragma once

#include <string>

namespace fleetwright::testing {

/// What a run of a program left.
struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

/// The program `fleetwright`: beside the folder of the test programs in the build tree, unless the
/// environment names another.
[[nodiscard]] std::string program();

/// Runs it through a shell with these arguments; `before` may set variables or start another.
[[nodiscard]] Outcome run(const std::string& arguments, const std::string& before = "");

}  // namespace fleetwright::testing
