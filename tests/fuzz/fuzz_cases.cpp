#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "planner/validation/case_file.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// A file of published steps: its rows become steps or say why not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzzing::text_of(data, size);
  try {
    static_cast<void>(parse_cases(text, "cases.csv"));
  } catch (const ScenarioError&) {
  } catch (const Error&) {
  }
  return 0;
}
