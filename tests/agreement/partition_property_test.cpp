// However a model is cut over GPUs, the parts are the whole; and better machines are never slower.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "models/flop_count.hpp"
#include "models/memory.hpp"
#include "models/parameters.hpp"
#include "models/stage_operators.hpp"
#include "planner/cost/sampling.hpp"
#include "sim/estimator.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

int pick(int low, int high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high + 1));
}

int power_of_two(int most) { return 1 << pick(0, most); }

// A random model, dense or of experts.
TrainingJob random_job() {
  const bool moe = *rc::gen::arbitrary<bool>();
  TrainingJob job =
      moe ? testing::moe_setup("H800-SXM", 8, 1).job : testing::dense_setup("H800-SXM", 8).job;
  job.model.layers = pick(4, 40);
  job.model.hidden = 512 * pick(1, 16);
  job.model.vocabulary = 1024 * pick(8, 128);
  job.sequence_length = 256 * pick(1, 32);
  job.strategy.ep = 1;
  job.strategy.micro_batch = pick(1, 4);
  return job;
}

// Down-projections of latent attention, of all tokens on each tensor-parallel rank.
double latent_down_flop_per_token(const ModelConfig& m) {
  if (!m.latent) return 0;
  return 2.0 * m.layers * m.hidden * (m.latent->q_rank + m.latent->kv_rank + m.latent->qk_rope);
}

// Without sequence parallelism tensor-parallel ranks would all send the same tokens to experts.
RC_GTEST_PROP(Partition, HasTheFlopOfTheModel, ()) {
  TrainingJob job = random_job();
  const double tokens = static_cast<double>(job.sequence_length) * job.strategy.micro_batch;
  const double whole =
      forward_flop_per_token(job.model, job.sequence_length, AttentionCount::causal, true).si() *
      tokens;
  const int tp = job.strategy.tp = power_of_two(3);
  job.strategy.sequence_parallel = tp > 1;
  if (job.model.moe && *rc::gen::arbitrary<bool>()) job.strategy.etp = tp;
  const double again = tokens * latent_down_flop_per_token(job.model) * (tp - 1);
  const int stages = pick(1, job.model.layers);
  double sum = 0;
  for (const StageContent& stage : stage_contents(job, stages)) {
    sum += flop(stage_operators(job, stage, Pass::forward)).si() * tp;
  }
  RC_ASSERT(std::abs(sum / (whole + again) - 1) < 1e-9);
}

RC_GTEST_PROP(Partition, HoldsTheParametersOfTheModelOnce, ()) {
  TrainingJob job = random_job();
  job.model.tied_embeddings = false;
  job.strategy.tp = 1;
  job.strategy.ep = job.model.moe ? power_of_two(4) : 1;
  const double whole = total_parameters(job.model);
  const double modules = job.model.mtp_layers * mtp_module_parameters(job.model);
  double sum = 0;
  for (const StageContent& stage : stage_contents(job, pick(1, job.model.layers))) {
    const StageParameters p = stage_parameters(job, stage);
    sum += p.dense + p.experts * job.strategy.ep;
  }
  RC_ASSERT(std::abs(sum / (whole + modules) - 1) < 1e-6);
}

StepSetup random_setup() {
  const int gpus = 16 * power_of_two(2);  // enough for the largest tp x pp
  if (*rc::gen::arbitrary<bool>()) {
    return testing::moe_setup("H800-SXM", gpus, power_of_two(2));
  }
  StepSetup setup = testing::dense_setup("H800-SXM", gpus);
  setup.job.strategy.tp = power_of_two(3);
  setup.job.strategy.pp = power_of_two(1);
  setup.job.strategy.dp = gpus / setup.job.strategy.tp / setup.job.strategy.pp;
  return setup;
}

RC_GTEST_PROP(Machines, AreNeverSlowerForMoreBandwidth, ()) {
  StepSetup setup = random_setup();
  const AnalyticEstimator estimator;
  const double before = estimate_step(setup, estimator).time.si();
  const double factor = 1 + pick(0, 300) / 100.0;
  if (*rc::gen::arbitrary<bool>()) {
    setup.cluster.nic.bandwidth.value *= factor;
    setup.cluster.nic.achievable_bandwidth.value *= factor;
  } else {
    setup.cluster.scale_up.bandwidth.value *= factor;
    setup.cluster.scale_up.achievable_bandwidth.value *= factor;
  }
  const double after = estimate_step(setup, estimator).time.si();
  RC_ASSERT(after <= before * (1 + 1e-12));
}

RC_GTEST_PROP(CostRanges, AreOrdered, ()) {
  std::vector<CostInput> inputs;
  const int count = pick(1, 5);
  for (int i = 0; i < count; ++i) {
    const double low = pick(0, 1000);
    const double typical = low + pick(0, 1000);
    const double high = typical + pick(0, 1000);
    const std::string cause = *rc::gen::arbitrary<bool>() ? "cause" : "";
    inputs.push_back({"input", "1", {low, typical, high}, "fixed", "", "", {"test"}, cause, 0.5});
  }
  InputSampler sampler(inputs, static_cast<std::uint64_t>(pick(1, 1000)));
  std::vector<double> samples;
  double least = 0, most = 0;
  for (const CostInput& i : inputs) {
    least += i.range.low;
    most += i.range.high;
  }
  for (int s = 0; s < 200; ++s) {
    double sum = 0;
    const CostSample drawn = sampler.next();
    for (int i = 0; i < count; ++i) sum += drawn[static_cast<std::size_t>(i)];
    RC_ASSERT(sum >= least - 1e-9);
    RC_ASSERT(sum <= most + 1e-9);
    samples.push_back(sum);
  }
  const Percentiles p = percentiles_of(samples);
  RC_ASSERT(p.p10 <= p.p50);
  RC_ASSERT(p.p50 <= p.p90);
}

}  // namespace
}  // namespace fleetwright
