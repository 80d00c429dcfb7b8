#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>

#include "planner/search/promising.hpp"
#include "planner/sweep/sqlite.hpp"

namespace fleetwright {

/// What a store of plans goes by.
struct PlanStoreIdentity {
  std::string scenario;        // in canonical form, with the digest of each file that it names
  std::string program_digest;  // of the program and of all data files
  std::string program_version;
};

/// Keeps what searches for plans compute in a store, in which sweeps may keep their results too:
/// candidates by scenario, strategy and cluster. Each batch of them is a transaction that has
/// reached the disk when it returns, so that a search that was stopped goes on from there. Throws
/// Error as SweepStore does.
class PlanStore : public CandidateMemory {
 public:
  PlanStore(const std::filesystem::path& file, PlanStoreIdentity identity);

  [[nodiscard]] std::optional<Timed> find(const StepSetup& setup) override;
  void keep(const std::vector<Candidate>& timed) override;

  /// How many did not have to be computed.
  [[nodiscard]] long found() const { return found_; }

 private:
  [[nodiscard]] std::string key_of(const StepSetup& setup) const;

  PlanStoreIdentity identity_;
  std::mutex one_at_a_time_;
  SqlDatabase database_;
  std::int64_t program_;
  std::atomic<long> found_ = 0;
};

}  // namespace fleetwright
