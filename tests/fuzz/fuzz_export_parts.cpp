#include "planner/catalogue.hpp"
#include "planner/export_part.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// What export rules ask of parts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    return !read_export_parts(fuzzing::input_file(text), catalogue().accelerators).empty();
  });
}
