#include "models/core/error.hpp"
#include "planner/scenario.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// A scenario is read whole, or everything wrong with it is said.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    const Scenario scenario = read_scenario(fuzzing::input_file(text));
    ensure(!scenario.settings.empty(), "a scenario has settings");
    return true;
  });
}
