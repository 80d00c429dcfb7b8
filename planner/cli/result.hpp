#pragma once

#include <string>

namespace fleetwright::cli {

/// Prints a result to standard output, or to a file that appears whole or not at all. Throws Error
/// if it cannot be written.
void write_result(const std::string& text, const std::string& file);

/// From now on, Ctrl-C ends the process at once with exit code 130, whatever libraries do about it,
/// and leaves no half-written file.
void end_cleanly_on_interrupt();

}  // namespace fleetwright::cli
