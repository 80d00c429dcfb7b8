#pragma once

#include "planner/sweep/sqlite.hpp"

namespace fleetwright {

/// Brings a new or older store to the newest schema, whole or not at all. Throws Error if the file
/// is another database, or of a newer program.
void migrate_store(SqlDatabase& database);

/// As above for a file that is only read: it must be a store of a schema that this program knows.
void check_store(SqlDatabase& database);

}  // namespace fleetwright
