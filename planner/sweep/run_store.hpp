#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "planner/sweep/sqlite.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {

/// Runs of an engine by the content of their program, in a store in which sweeps and plans may keep
/// their results too: the same step is simulated once, whoever asks. Each run is a transaction that
/// has reached the disk when it returns. Throws Error as SweepStore does.
class RunStore {
 public:
  enum class Use { take, take_and_keep };
  /// `program_digest` is provenance_digest(): runs of another program are others.
  RunStore(const std::filesystem::path& file, Use use, std::string program_digest,
           const std::string& program_version);

  /// The key of a program on its links for an engine of this program.
  [[nodiscard]] std::string key_of(const ColumnStep& step, const RunPlan& plan,
                                   std::string_view engine) const;
  [[nodiscard]] std::optional<ColumnRun> find(const std::string& key);
  /// Does nothing where runs are only taken.
  void keep(const std::string& key, const ColumnRun& run);

  /// How many did not have to be computed.
  [[nodiscard]] long found() const { return found_; }

 private:
  Use use_;
  std::string program_digest_;
  std::mutex one_at_a_time_;
  SqlDatabase database_;
  std::int64_t program_ = 0;
  std::atomic<long> found_ = 0;
};

/// An engine that runs only what a store does not have.
class StoredEstimator : public Estimator {
 public:
  /// Both must outlive this.
  StoredEstimator(const Estimator& engine, RunStore& store) : engine_(engine), store_(store) {}
  using Estimator::run;
  [[nodiscard]] std::string_view name() const override { return engine_.name(); }
  [[nodiscard]] ColumnRun run(ColumnStep& step, const RunPlan& plan) const override;

 private:
  const Estimator& engine_;
  RunStore& store_;
};

}  // namespace fleetwright
