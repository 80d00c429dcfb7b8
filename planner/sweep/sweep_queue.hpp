#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "planner/sweep/case_key.hpp"
#include "planner/sweep/sweep_store.hpp"

namespace fleetwright {

/// The cases of a sweep that one call computes: every `of`th, beginning with case `first` (from 0).
struct Shard {
  std::size_t first = 0;
  std::size_t of = 1;
};

/// How the cases of a shard stand.
struct SweepTally {
  std::size_t cases = 0;
  std::size_t were_there = 0;  // finished by an earlier call
  std::size_t known = 0;       // computed for another sweep
  std::size_t computed = 0;    // by this call

  [[nodiscard]] std::size_t finished() const { return were_there + known + computed; }
};

/// Deals out the cases of a sweep that have no result yet, and keeps the results of those that have
/// been computed.
class SweepQueue {
 public:
  struct Case {
    std::size_t number = 0;
    std::vector<Assignment> inputs;
  };

  /// All must outlive this. With `retry`, cases that the machine failed are dealt out again.
  SweepQueue(const SweepSpec& spec, CaseKeys& keys, SweepStore& store, Shard shard, bool retry);

  /// The next case that nobody has computed; nothing when all have been dealt out.
  [[nodiscard]] std::optional<Case> next();
  /// A case that was dealt out and will not come: it is dealt out again.
  void put_back(std::size_t number) { waiting_.push_front(number); }

  struct Result {
    std::size_t number = 0;
    CaseOutcome outcome;
  };
  /// Keeps results, on the disk when it returns.
  void keep(std::vector<Result> results);

  [[nodiscard]] const SweepTally& tally() const { return tally_; }

 private:
  void link_known();

  const SweepSpec* spec_;
  CaseKeys* keys_;
  SweepStore* store_;
  bool retry_;
  std::deque<std::size_t> waiting_;
  std::vector<CaseRow> known_;  // not linked yet
  SweepTally tally_;
};

}  // namespace fleetwright
