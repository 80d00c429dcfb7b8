#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "planner/catalogue.hpp"
#include "planner/export_part.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// What export rules ask of parts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzzing::text_of(data, size);
  try {
    static_cast<void>(read_export_parts(fuzzing::input_file(text), catalogue().accelerators));
  } catch (const ScenarioError&) {
  } catch (const Error&) {
  }
  return 0;
}
