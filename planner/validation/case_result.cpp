#include "planner/validation/case_result.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>
#include <utility>

#include "sim/program_builder.hpp"
#include "sim/step_outcome.hpp"

namespace fleetwright {
namespace {

std::optional<double> off(double predicted, double measured) { return predicted / measured - 1; }

/// One time model for each accelerator, stack, its attention and number format: cases share a few
/// dozen.
class TimeModels {
 public:
  const OperatorTimeModel& of(const StepSetup& setup) {
    const std::scoped_lock lock(mutex_);
    auto& model = models_[{setup.cluster.accelerator.id, setup.stack.id,
                           setup.stack.attention_libraries, setup.job.precision.gemm}];
    if (!model) model = make_time_model(setup);
    return *model;
  }

 private:
  std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, std::vector<std::string>, Precision>,
           std::unique_ptr<OperatorTimeModel>>
      models_;
};

CaseResult predict(ValidationCase c, const CaseData& data, const Estimator& estimator,
                   TimeModels& models) {
  CaseResult result;
  CaseSetup setup = set_up_case(c, data);
  result.measured = std::move(c);
  result.assumed = std::move(setup.assumed);
  result.reason = std::move(setup.reason);
  if (!setup.setup) return result;
  result.software = setup.setup->stack.id;
  const StepOutcome outcome = step_outcome(*setup.setup, estimator, models.of(*setup.setup));
  result.time = outcome.time;
  result.fullest = outcome.fullest().peak();
  result.memory = setup.first_rank_memory ? outcome.memory.front().peak() : result.fullest;
  result.capacity = setup.setup->cluster.accelerator.memory_capacity.value;
  return result;
}

}  // namespace

std::optional<double> CaseResult::error() const {
  if (!time || !measured.measured_time) return std::nullopt;
  return off(time->si(), measured.measured_time->si());
}

std::optional<double> CaseResult::memory_error() const {
  if (!memory || !measured.measured_memory) return std::nullopt;
  return off(memory->si(), measured.measured_memory->si());
}

std::vector<CaseResult> predict_cases(std::vector<ValidationCase> cases, const CaseData& data,
                                      const MakeEstimator& make_estimator, int threads,
                                      const std::function<void(std::size_t)>& done) {
  std::vector<CaseResult> results(cases.size());
  TimeModels models;
  std::atomic<std::size_t> next{0};
  std::size_t through = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      const auto estimator = make_estimator();
      for (std::size_t i = next++; i < cases.size(); i = next++) {
        results[i] = predict(std::move(cases[i]), data, *estimator, models);
        const std::scoped_lock lock(mutex);
        done(++through);
      }
    } catch (...) {
      const std::scoped_lock lock(mutex);
      if (!failure) failure = std::current_exception();
      next = cases.size();
    }
  };
  {
    std::vector<std::jthread> pool;
    for (int t = 1; t < threads; ++t) pool.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  return results;
}

}  // namespace fleetwright
