#include "planner/sweep/sweep_store.hpp"

#include <fmt/format.h>

#include <map>

#include "models/core/error.hpp"
#include "planner/sweep/store_schema.hpp"

namespace fleetwright {
namespace {

// Ends that are of the machine.
constexpr std::string_view may_be_tried_again = "outcome IN ('failed', 'crashed', 'timed out')";

}  // namespace

SweepStore::SweepStore(const std::filesystem::path& file) : database_(open_store(file)) {}

void SweepStore::begin(const SweepRecord& record) {
  SqlTransaction transaction(database_);
  program_ = program_id(database_, record.program_digest, record.program_version);
  sweep_ = sweep_id(record, program_);
  transaction.commit();
}

std::vector<bool> SweepStore::finished(std::size_t cases, bool retry) {
  std::vector<bool> out(cases);
  SqlStatement numbers = database_.prepare(
      fmt::format("SELECT number FROM sweep_case JOIN result ON key = result WHERE sweep = ?{}",
                  retry ? fmt::format(" AND NOT {}", may_be_tried_again) : ""));
  numbers.bind(1, sweep_);
  while (numbers.step()) {
    const auto number = static_cast<std::size_t>(numbers.integer(0));
    if (number < cases) out[number] = true;
  }
  return out;
}

bool SweepStore::has_result(const std::string& key, bool retry) {
  SqlStatement known =
      database_.prepare(fmt::format("SELECT 1 FROM result WHERE key = ?{}",
                                    retry ? fmt::format(" AND NOT {}", may_be_tried_again) : ""));
  return known.bind(1, key).step();
}

void SweepStore::add(const std::vector<CaseRow>& rows) {
  SqlTransaction transaction(database_);
  for (const CaseRow& row : rows) {
    add_result(row.identity, program_, row.outcome);
    add_case(sweep_, row.number, inputs_json(row.inputs), row.identity.key);
  }
  transaction.commit();
}

void SweepStore::link(const std::vector<CaseRow>& rows) {
  SqlTransaction transaction(database_);
  for (const CaseRow& row : rows) {
    add_case(sweep_, row.number, inputs_json(row.inputs), row.identity.key);
  }
  transaction.commit();
}

std::int64_t SweepStore::sweep_id(const SweepRecord& record, std::int64_t program) {
  database_
      .prepare(
          "INSERT INTO sweep (digest, name, spec, cases, program) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT DO NOTHING")
      .bind(1, record.digest)
      .bind(2, record.name)
      .bind(3, record.spec)
      .bind(4, static_cast<std::int64_t>(record.cases))
      .bind(5, program)
      .run();
  SqlStatement id = database_.prepare("SELECT id FROM sweep WHERE digest = ?");
  ensure(id.bind(1, record.digest).step(), "a sweep that was inserted is there");
  return id.integer(0);
}

void SweepStore::add_result(const CaseKeys::Identity& identity, std::int64_t program,
                            const CaseOutcome& outcome) {
  SqlStatement insert = database_.prepare(
      fmt::format("INSERT INTO result (key, program, settings, outcome, report, error) VALUES (?, "
                  "?, ?, ?, ?, ?) "
                  "ON CONFLICT DO UPDATE SET outcome = excluded.outcome, report = excluded.report, "
                  "error = excluded.error WHERE result.{}",
                  may_be_tried_again));
  insert.bind(1, identity.key).bind(2, program).bind(3, identity.settings);
  insert.bind(4, to_string(outcome.end));
  if (outcome.end == CaseEnd::done) {
    insert.bind(5, outcome.report).bind_null(6);
  } else {
    insert.bind_null(5).bind(6, outcome.error);
  }
  insert.run();
}

void SweepStore::add_case(std::int64_t sweep, std::size_t number, const std::string& inputs,
                          const std::string& key) {
  database_
      .prepare(
          "INSERT INTO sweep_case (sweep, number, inputs, result) VALUES (?, ?, ?, ?) "
          "ON CONFLICT DO NOTHING")
      .bind(1, sweep)
      .bind(2, static_cast<std::int64_t>(number))
      .bind(3, inputs)
      .bind(4, key)
      .run();
}

std::vector<SweepStore::EndCount> SweepStore::count_ends() {
  // SQLite takes the other columns of a group from the row that has its minimum.
  SqlStatement count = database_.prepare(
      "SELECT outcome, count(*), min(number), error FROM sweep_case JOIN result ON key = result "
      "WHERE sweep = ? GROUP BY outcome ORDER BY 2 DESC, 1");
  count.bind(1, sweep_);
  std::vector<EndCount> out;
  while (count.step()) {
    out.push_back({count.text(0), static_cast<std::size_t>(count.integer(1)),
                   static_cast<std::size_t>(count.integer(2)), count.text(3)});
  }
  return out;
}

void SweepStore::limit_pages_for_test(int pages) {
  database_.execute(fmt::format("PRAGMA max_page_count = {}", pages));
}

// What `plan` keeps, since schema 3.
void SweepStore::merge_plans(SqlDatabase& from,
                             const std::map<std::int64_t, std::int64_t>& programs) {
  if (from.integer("PRAGMA user_version") < 3) return;
  SqlStatement candidate =
      from.prepare("SELECT key, program, time_s, memory_bytes FROM candidate ORDER BY rowid");
  while (candidate.step()) {
    database_
        .prepare(
            "INSERT INTO candidate (key, program, time_s, memory_bytes) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING")
        .bind(1, candidate.text(0))
        .bind(2, programs.at(candidate.integer(1)))
        .bind_real(3, candidate.real(2))
        .bind_real(4, candidate.real(3))
        .run();
  }
  SqlStatement run = from.prepare("SELECT key, program, run FROM engine_run ORDER BY rowid");
  while (run.step()) {
    database_
        .prepare(
            "INSERT INTO engine_run (key, program, run) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(1, run.text(0))
        .bind(2, programs.at(run.integer(1)))
        .bind_bytes(3, run.bytes(2))
        .run();
  }
}

void SweepStore::merge(const std::filesystem::path& other) {
  SqlDatabase from(other, SqlDatabase::Mode::read_only);
  check_store(from);
  SqlTransaction transaction(database_);
  std::map<std::int64_t, std::int64_t> programs;
  SqlStatement program = from.prepare("SELECT id, digest, version FROM program ORDER BY id");
  while (program.step()) {
    programs[program.integer(0)] = program_id(database_, program.text(1), program.text(2));
  }
  SqlStatement result = from.prepare(
      "SELECT key, program, settings, outcome, report, error FROM result ORDER BY rowid");
  while (result.step()) {
    add_result({result.text(0), result.text(2)}, programs.at(result.integer(1)),
               {parse_case_end(result.text(3)), result.text(4), result.text(5)});
  }
  merge_plans(from, programs);
  SqlStatement sweep =
      from.prepare("SELECT id, digest, name, spec, cases, program FROM sweep ORDER BY id");
  while (sweep.step()) {
    const SweepRecord record{sweep.text(2),
                             sweep.text(1),
                             sweep.text(3),
                             static_cast<std::size_t>(sweep.integer(4)),
                             "",
                             ""};
    const std::int64_t here = sweep_id(record, programs.at(sweep.integer(5)));
    SqlStatement row = from.prepare(
        "SELECT number, inputs, result FROM sweep_case WHERE sweep = ? ORDER BY number");
    row.bind(1, sweep.integer(0));
    while (row.step()) {
      add_case(here, static_cast<std::size_t>(row.integer(0)), row.text(1), row.text(2));
    }
  }
  transaction.commit();
}

}  // namespace fleetwright
