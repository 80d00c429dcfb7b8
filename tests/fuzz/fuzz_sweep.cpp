#include "models/core/error.hpp"
#include "planner/sweep/sweep_spec.hpp"
#include "planner/sweep/sweep_store.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// A sweep is read whole or refused, and each of its cases can be written down.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    const SweepSpec spec = parse_sweep_spec(text, "input.toml");
    for (const std::size_t number : {std::size_t{0}, spec.cases() / 2, spec.cases() - 1}) {
      ensure(!inputs_json(spec.assignments(number)).empty(), "a case has inputs");
    }
    return true;
  });
}
