#include "gui/models/report.hpp"
#include "gui/models/trace_reader.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// What the dashboard reads: a trace and a report.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    QString error;
    const bool trace = gui::read_trace(text).trace != nullptr;
    return !gui::Report::parse({text.data(), static_cast<qsizetype>(text.size())}, error).empty() ||
           trace;
  });
}
