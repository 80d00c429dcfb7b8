#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "planner/sweep/case_key.hpp"
#include "planner/sweep/case_outcome.hpp"
#include "planner/sweep/sqlite.hpp"

namespace fleetwright {

/// What a sweep is known by in a store.
struct SweepRecord {
  std::string name;
  std::string digest;  // of its axes, base scenario, program and data
  std::string spec;    // the document
  std::size_t cases = 0;
  std::string program_digest;
  std::string program_version;
};

/// A case of a sweep as the store keeps it. Without an outcome its result must be there already.
struct CaseRow {
  std::size_t number = 0;
  std::vector<Assignment> inputs;
  CaseKeys::Identity identity;
  CaseOutcome outcome;
};

/// The file that keeps what sweeps computed: SQLite in write-ahead mode, where each call that
/// writes is one transaction that has reached the disk when it returns. Several processes of one
/// machine may use it at the same time. Throws Error if it cannot be read or written; then nothing
/// half-written is there.
class SweepStore {
 public:
  /// Opens or creates it, and brings an older one to the newest schema.
  explicit SweepStore(const std::filesystem::path& file);

  /// From now on cases are of this sweep, which may have begun before.
  void begin(const SweepRecord& record);

  /// By case number: is it there? With `retry`, what may be tried again is not.
  [[nodiscard]] std::vector<bool> finished(std::size_t cases, bool retry);
  /// Is there a result of this key, whichever sweep it came from?
  [[nodiscard]] bool has_result(const std::string& key, bool retry);

  /// Adds cases with their outcomes. A result that is there stays, unless it may be tried again.
  void add(const std::vector<CaseRow>& rows);
  /// Adds cases whose results are there.
  void link(const std::vector<CaseRow>& rows);

  struct EndCount {
    std::string end;
    std::size_t cases = 0;
    std::size_t first_number = 0;
    std::string first_error;  // of that case
  };
  /// How the cases of the sweep ended, those first that are many.
  [[nodiscard]] std::vector<EndCount> count_ends();

  /// From now on the file may not grow above this many pages: a disk that is full, for tests.
  void limit_pages_for_test(int pages);

  /// Takes over everything of another store that is not here. Throws Error as above.
  void merge(const std::filesystem::path& other);

 private:
  std::int64_t sweep_id(const SweepRecord& record, std::int64_t program);
  void add_result(const CaseKeys::Identity& identity, std::int64_t program,
                  const CaseOutcome& outcome);
  void merge_plans(SqlDatabase& from, const std::map<std::int64_t, std::int64_t>& programs);
  void add_case(std::int64_t sweep, std::size_t number, const std::string& inputs,
                const std::string& key);

  SqlDatabase database_;
  std::int64_t sweep_ = 0;
  std::int64_t program_ = 0;
};

/// {"strategy.pp": 8, ...}
[[nodiscard]] std::string inputs_json(const std::vector<Assignment>& inputs);

}  // namespace fleetwright
