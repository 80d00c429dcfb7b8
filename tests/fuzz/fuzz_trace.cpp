#include "gui/models/report.hpp"
#include "gui/models/trace_reader.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// What the dashboard reads: a trace and a report.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(gui::read_trace(fuzzing::text_of(data, size)));
  QString error;
  static_cast<void>(gui::Report::parse(
      QByteArray(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)), error));
  return 0;
}
