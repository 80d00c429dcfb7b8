#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>

#include "planner/search/promising.hpp"
#include "planner/sweep/sqlite.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {

/// What a store of plans goes by.
struct PlanStoreIdentity {
  std::string scenario;        // in canonical form, with the digest of each file that it names
  std::string program_digest;  // of the program and of all data files
  std::string program_version;
};

/// Keeps what searches for plans compute in a store, in which sweeps may keep their results too:
/// candidates by scenario, strategy and cluster, runs of an engine by the content of their program.
/// Each batch of candidates and each run is a transaction that has reached the disk when it
/// returns, so that a search that was stopped goes on from there. Throws Error as SweepStore does.
class PlanStore : public CandidateMemory {
 public:
  PlanStore(const std::filesystem::path& file, PlanStoreIdentity identity);

  [[nodiscard]] std::optional<Timed> find(const StepSetup& setup) override;
  void keep(const std::vector<Candidate>& timed) override;

  [[nodiscard]] std::optional<ColumnRun> find_run(const std::string& key);
  void keep_run(const std::string& key, const ColumnRun& run);
  /// The key of a program on its links for an engine of this program.
  [[nodiscard]] std::string key_of(const ColumnStep& step, const RunPlan& plan,
                                   std::string_view engine) const;

  /// How much did not have to be computed.
  [[nodiscard]] long candidates_found() const { return candidates_found_; }
  [[nodiscard]] long runs_found() const { return runs_found_; }

 private:
  [[nodiscard]] std::string key_of(const StepSetup& setup) const;

  PlanStoreIdentity identity_;
  std::mutex one_at_a_time_;
  SqlDatabase database_;
  std::int64_t program_ = 0;
  std::atomic<long> candidates_found_ = 0;
  std::atomic<long> runs_found_ = 0;
};

/// An engine that runs only what a store does not have.
class StoredEstimator : public Estimator {
 public:
  /// Both must outlive this.
  StoredEstimator(const Estimator& engine, PlanStore& store) : engine_(engine), store_(store) {}
  using Estimator::run;
  [[nodiscard]] std::string_view name() const override { return engine_.name(); }
  [[nodiscard]] ColumnRun run(ColumnStep& step, const RunPlan& plan) const override;

 private:
  const Estimator& engine_;
  PlanStore& store_;
};

}  // namespace fleetwright
