#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "planner/scenario.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// A scenario is read whole, or everything wrong with it is said.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzzing::text_of(data, size);
  try {
    const Scenario scenario = read_scenario(fuzzing::input_file(text));
    ensure(!scenario.settings.empty(), "a scenario has settings");
  } catch (const ScenarioError&) {
  } catch (const Error&) {
  }
  return 0;
}
