#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "planner/sweep/sqlite.hpp"

namespace fleetwright {

/// Brings a new or older store to the newest schema, whole or not at all. Throws Error if the file
/// is another database, or of a newer program.
void migrate_store(SqlDatabase& database);

/// As above for a file that is only read: it must be a store of a schema that this program knows.
void check_store(SqlDatabase& database);

/// Opens or creates a store to write to it: write-ahead, and on the disk before a commit returns.
[[nodiscard]] SqlDatabase open_store(const std::filesystem::path& file);
/// Opens one that is there and has the newest schema.
[[nodiscard]] SqlDatabase open_store_to_read(const std::filesystem::path& file);

/// The number of a program in a store, which knows it from now on.
[[nodiscard]] std::int64_t program_id(SqlDatabase& database, const std::string& digest,
                                      const std::string& version);

}  // namespace fleetwright
