#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "planner/validation/case_setup.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {

/// What was predicted for a case, beside what was measured.
struct CaseResult {
  ValidationCase measured;
  std::string software;  // the stack that the framework stands for
  std::optional<Seconds> time;
  std::optional<Bytes> memory;  // peak of the GPU that was published: mostly the fullest
  Bytes fullest, capacity;      // the peak of the fullest, and what there is
  std::string reason;           // why there is no prediction
  std::vector<std::string> assumed;

  /// predicted / measured - 1, where there are both.
  [[nodiscard]] std::optional<double> error() const;
  [[nodiscard]] std::optional<double> memory_error() const;
  [[nodiscard]] bool fits() const { return memory && fullest <= capacity; }
};

using MakeEstimator = std::function<std::unique_ptr<Estimator>()>;

/// Predicts all cases, in `threads` threads; the results keep their order. `done` is told how many
/// cases are through, from one thread at a time. A case that cannot be predicted says why.
[[nodiscard]] std::vector<CaseResult> predict_cases(std::vector<ValidationCase> cases,
                                                    const CaseData& data,
                                                    const MakeEstimator& make_estimator,
                                                    int threads,
                                                    const std::function<void(std::size_t)>& done);

}  // namespace fleetwright
