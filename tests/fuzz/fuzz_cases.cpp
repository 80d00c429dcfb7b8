#include "planner/validation/case_file.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// A file of published steps: its rows become steps or say why not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    return !parse_cases(text, "cases.csv").cases.empty();
  });
}
