#include "planner/sweep/store_schema.hpp"

#include <fmt/format.h>

#include <array>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

constexpr std::int64_t application = 0x466c7774;  // "Flwt", in the header of the file

// Each brings a store from the schema of its position to the next. Never changed, only added to.
constexpr std::array migrations{
    // 1: what was asked and what came out. A result is known by its key; a case of a sweep is there
    // as soon as it has a result.
    R"(
CREATE TABLE program (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  version TEXT NOT NULL
) STRICT;
CREATE TABLE result (
  key TEXT PRIMARY KEY CHECK (length(key) = 64),
  program INTEGER NOT NULL REFERENCES program (id),
  settings TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN
    ('done', 'infeasible', 'wrong input', 'failed', 'crashed', 'timed out')),
  report TEXT CHECK (report IS NULL OR json_valid(report)),
  error TEXT,
  CHECK ((outcome = 'done') = (report IS NOT NULL)),
  CHECK ((outcome = 'done') = (error IS NULL))
) STRICT;
CREATE TABLE sweep (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  cases INTEGER NOT NULL CHECK (cases > 0),
  program INTEGER NOT NULL REFERENCES program (id)
) STRICT;
CREATE TABLE sweep_case (
  sweep INTEGER NOT NULL REFERENCES sweep (id),
  number INTEGER NOT NULL CHECK (number >= 0),
  inputs TEXT NOT NULL CHECK (json_valid(inputs)),
  result TEXT NOT NULL REFERENCES result (key),
  PRIMARY KEY (sweep, number)
) STRICT, WITHOUT ROWID;
)",
    // 2: what is asked for most, by name.
    R"(
CREATE INDEX sweep_case_result ON sweep_case (result);
CREATE VIEW cases AS
SELECT sweep.name AS sweep, sweep.id AS sweep_id, sweep_case.number, sweep_case.inputs,
  result.outcome, result.error,
  report ->> '$.step.time_s' AS step_time_s,
  report ->> '$.step.model_tflops_per_gpu' AS model_tflops_per_gpu,
  report ->> '$.step.mfu' AS mfu,
  report ->> '$.memory.peak_bytes' AS peak_bytes,
  report ->> '$.run.days' AS days,
  report ->> '$.run.gpu_hours' AS gpu_hours,
  report ->> '$.cost.rental_usd.p50' AS rental_usd,
  result.key, result.report
FROM sweep_case JOIN sweep ON sweep.id = sweep_case.sweep JOIN result ON result.key = sweep_case.result;
)",
    // 3: what `plan` computed: candidates by longest path, and runs of an engine by their content.
    R"(
CREATE TABLE candidate (
  key TEXT PRIMARY KEY CHECK (length(key) = 64),
  program INTEGER NOT NULL REFERENCES program (id),
  time_s REAL NOT NULL,
  memory_bytes REAL NOT NULL
) STRICT;
CREATE TABLE engine_run (
  key TEXT PRIMARY KEY CHECK (length(key) = 64),
  program INTEGER NOT NULL REFERENCES program (id),
  run BLOB NOT NULL
) STRICT;
)"};

constexpr auto newest = static_cast<std::int64_t>(migrations.size());

bool is_empty(SqlDatabase& database) {
  return database.integer("SELECT count(*) FROM sqlite_schema") == 0;
}

// The schema's number. 0: nothing is there yet.
std::int64_t version_of(SqlDatabase& database) {
  const std::int64_t owner = database.integer("PRAGMA application_id");
  if (owner != application && !(owner == 0 && is_empty(database))) {
    throw Error(fmt::format("'{}' is a database, but no store of sweeps", database.file()));
  }
  const std::int64_t version = database.integer("PRAGMA user_version");
  if (version > newest) {
    throw Error(fmt::format("'{}' has schema {}, and this program knows those up to {}",
                            database.file(), version, newest));
  }
  return version;
}

}  // namespace

void migrate_store(SqlDatabase& database) {
  if (version_of(database) == newest) return;
  SqlTransaction transaction(database);
  // Again: another process may have come first.
  for (std::int64_t v = version_of(database); v < newest; ++v) {
    database.execute(migrations.at(static_cast<std::size_t>(v)));
  }
  database.execute(fmt::format("PRAGMA application_id = {}", application));
  database.execute(fmt::format("PRAGMA user_version = {}", newest));
  transaction.commit();
}

SqlDatabase open_store(const std::filesystem::path& file) {
  SqlDatabase database(file, SqlDatabase::Mode::read_write_create);
  // Write-ahead, and on the disk before a commit returns, so that a power cut takes nothing back.
  database.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  migrate_store(database);
  return database;
}

SqlDatabase open_store_to_read(const std::filesystem::path& file) {
  SqlDatabase database(file, SqlDatabase::Mode::read_only);
  check_store(database);
  if (const std::int64_t version = version_of(database); version < newest) {
    throw Error(fmt::format("'{}' has schema {}; a call that writes to it makes that {}",
                            database.file(), version, newest));
  }
  return database;
}

std::int64_t program_id(SqlDatabase& database, const std::string& digest,
                        const std::string& version) {
  database.prepare("INSERT INTO program (digest, version) VALUES (?, ?) ON CONFLICT DO NOTHING")
      .bind(1, digest)
      .bind(2, version)
      .run();
  SqlStatement id = database.prepare("SELECT id FROM program WHERE digest = ?");
  ensure(id.bind(1, digest).step(), "a program that was inserted is there");
  return id.integer(0);
}

void check_store(SqlDatabase& database) {
  if (version_of(database) == 0) {
    throw Error(fmt::format("'{}' is empty: no sweep has written to it", database.file()));
  }
}

}  // namespace fleetwright
