#include "models/core/csv_table.hpp"
#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// CSV as such.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    Diagnostics ragged;
    const CsvTable table = CsvTable::parse(text, "input.csv", ragged);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      for (const std::string& column : table.columns()) {
        ensure(table.where(row, column).line > 0, "a cell has a place");
        try {
          static_cast<void>(table.number(row, column));
        } catch (const ScenarioError&) {  // a text
        }
      }
    }
    return table.rows() > 0;
  });
}
