#include "models/core/data_files.hpp"
#include "planner/price_book.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// The rules by which single figures become ranges.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    static const std::filesystem::path prices = data_file("planner/data/prices.csv");
    static_cast<void>(read_price_book({prices}, fuzzing::input_file(text)));
    return true;
  });
}
