#include "models/core/data_files.hpp"
#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "planner/price_book.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// The rules by which single figures become ranges.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzzing::text_of(data, size);
  try {
    static const std::filesystem::path prices = data_file("planner/data/prices.csv");
    static_cast<void>(read_price_book({prices}, fuzzing::input_file(text)));
  } catch (const ScenarioError&) {
  } catch (const Error&) {
  }
  return 0;
}
