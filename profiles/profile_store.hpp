#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"
#include "models/operators.hpp"

namespace fleetwright {

/// A kernel that somebody timed: which operator, on how many SMs, by which library.
struct KernelSample {
  Operator op;
  std::string library;
  double sms = 0;
  Seconds time;
  ProvenanceKind kind = ProvenanceKind::published;
  std::string source;
  std::string date;  // YYYY-MM-DD of a measurement; empty: see the source
};

/// A collective that somebody timed. Bytes as in CollectiveCall.
struct CollectiveSample {
  std::string library;
  std::string collective;  // all_reduce all_gather reduce_scatter all_to_all
  int ranks = 0;
  int ranks_per_node = 0;
  Bytes bytes;
  Seconds time;
  std::string source;
};

/// An expert-parallel dispatch or combine that somebody timed.
struct ExpertParallelSample {
  std::string library;
  std::string operation;  // dispatch combine
  int nodes = 0;
  int ranks = 0;
  double tokens = 0;  // of one rank
  double hidden = 0;
  int active = 0;
  int experts = 0;
  double sms = 0;
  Seconds time;
  std::string source;
};

/// What is known of one accelerator by measurement.
struct AcceleratorProfile {
  std::string accelerator;
  std::vector<KernelSample> kernels;
  std::vector<CollectiveSample> collectives;
  std::vector<ExpertParallelSample> expert_parallel;
};

/// The tables under profiles/data/published and profiles/data/measured, read when first asked for.
/// Safe to share between threads.
class ProfileStore {
 public:
  /// `root` holds published/<accelerator>/*.csv and measured/<accelerator>/kernels.csv, the
  /// accelerator's id in lower case.
  explicit ProfileStore(std::filesystem::path root);

  /// The profile of an accelerator, empty if nothing is known of it. Samples of confidence `low`
  /// are left out. Throws ScenarioError (located) if a table is malformed.
  [[nodiscard]] const AcceleratorProfile& profile(const std::string& accelerator) const;

 private:
  std::filesystem::path root_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::unique_ptr<AcceleratorProfile>> profiles_;
};

}  // namespace fleetwright
