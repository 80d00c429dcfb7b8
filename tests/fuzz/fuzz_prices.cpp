#include "models/core/data_files.hpp"
#include "planner/price_book.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// The price file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    static const std::filesystem::path rules = data_file("planner/data/uncertainty.toml");
    static_cast<void>(read_price_book({fuzzing::input_file(text)}, rules));
    return true;
  });
}
