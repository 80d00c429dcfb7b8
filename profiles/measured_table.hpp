#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"
#include "models/operators.hpp"

namespace fleetwright {

/// One call of fleetwright-profile: what its rows were measured with.
struct MeasuringSession {
  std::string gpu;       // as the driver names it
  std::string driver;    // CUDA version of the driver
  std::string cuda;      // of the runtime
  std::string cupti;     // empty: timed by events alone
  std::string counters;  // "read", or why not
  std::string date;      // YYYY-MM-DD
  std::string revision;  // of the sources
  std::string command;

  bool operator==(const MeasuringSession&) const = default;
};

/// What hardware counters said of one launch.
struct KernelCounters {
  double tensor_percent = 0;  // of the peak of the tensor pipe, while active
  Bytes dram_read;
  Bytes dram_written;

  bool operator==(const KernelCounters&) const = default;
};

/// A kernel that was timed, with cold L2. Times are of one launch.
struct MeasuredKernel {
  std::string kernel;          // kernel_name(op), or what no model emits ("launch_overhead")
  std::optional<Operator> op;  // nothing for the latter
  std::string library;
  double sms = 0;
  Seconds median;
  Seconds p10;
  Seconds p90;
  int samples = 0;
  std::optional<Seconds> hot;    // median without flushing
  std::optional<Seconds> event;  // median by CUDA events, as a cross-check
  std::optional<Hertz> clock;
  std::optional<KernelCounters> counters;
  std::size_t session = 0;
};

/// measured/<accelerator>/kernels.csv: rows, and notes that say which session the rows below them
/// come from. Rows are only ever appended.
struct MeasuredTable {
  std::vector<MeasuringSession> sessions;
  std::vector<MeasuredKernel> kernels;
};

/// Throws ScenarioError (located) if the file is malformed or of another schema, Error if
/// unreadable.
[[nodiscard]] MeasuredTable read_measured_table(const std::filesystem::path& file);
[[nodiscard]] MeasuredTable parse_measured_table(std::string_view text, const std::string& file);

/// The first two lines of a file: its schema and its columns.
[[nodiscard]] std::string measured_header();
[[nodiscard]] std::string session_notes(const MeasuringSession& session);
/// A line, with its line break.
[[nodiscard]] std::string measured_row(const MeasuredKernel& kernel);

}  // namespace fleetwright
