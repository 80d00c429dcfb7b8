#pragma once

namespace fleetwright::testing {

/// Names the program beside the tests, has every warning of Qt fail the test that caused it, and
/// runs all tests. Call with a QCoreApplication in place.
int run_gui_tests(int argc, char** argv);

/// What must be in place before a QCoreApplication: no display, and no noise about that.
void prepare_without_display();

}  // namespace fleetwright::testing
