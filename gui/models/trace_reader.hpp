#pragma once

#include <QString>
#include <memory>
#include <string_view>

#include "gui/models/trace.hpp"

namespace fleetwright::gui {

/// A trace, or why there is none.
struct TraceResult {
  std::shared_ptr<const Trace> trace;
  QString error;
};

/// Reads a document in the Trace Event Format: an object with "traceEvents", or their array.
/// Complete slices (X), counters (C) and names (M) are kept, everything else is passed over.
[[nodiscard]] TraceResult read_trace(std::string_view text);

[[nodiscard]] TraceResult read_trace_file(const QString& file);

}  // namespace fleetwright::gui
