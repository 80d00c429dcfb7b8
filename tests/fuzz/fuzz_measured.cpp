#include "profiles/measured_table.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// A table of kernels that fleetwright-profile measured.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    return !parse_measured_table(text, "gemm.csv").kernels.empty();
  });
}
