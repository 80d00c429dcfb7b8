#pragma once

#include <string>

#include "planner/scenario.hpp"
#include "sim/run_control.hpp"

namespace fleetwright::cli {

/// Prints a result to standard output, or to a file that appears whole or not at all. Throws Error
/// if it cannot be written.
void write_result(const std::string& text, const std::string& file);

/// Says that islands besides the cluster are left out, where the scenario has any.
void say_islands_are_left_out(const Scenario& scenario);

/// From now on, Ctrl-C ends the process within a second with exit code 130, whatever libraries do
/// about it: with what is done by then if that can be printed in time, and without half-written
/// files.
void end_cleanly_on_interrupt();

constexpr int exit_interrupted = 130;

/// Lets what runs be stopped by the user, and shows on a terminal how far it is.
[[nodiscard]] RunControl control_of(const std::string& doing, bool quiet);

/// Says that not everything was done; returns the exit code.
int end_as_interrupted();

}  // namespace fleetwright::cli
