#pragma once

#include <QString>
#include <functional>

namespace fleetwright::testing {

/// Lets events happen until `ready`, for at most half a minute; whether it was.
bool wait_until(const std::function<bool()>& ready);

/// The text of a file of the source tree.
QString source_text(const QString& file);

/// A scenario that takes seconds to simulate: every GPU of many differs.
QString slow_scenario();

}  // namespace fleetwright::testing
