// What a software stack does between and around the products of experts.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/stage_operators.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

std::vector<OpNode> layer_of(const TrainingJob& job, Pass pass) {
  return stage_operators(job, {false, {job.model.layers - 1}, false}, pass).nodes();
}

std::ptrdiff_t count(const std::vector<OpNode>& nodes, std::string_view name) {
  return std::ranges::count(nodes, name, [](const OpNode& n) { return std::string_view(n.name); });
}

TrainingJob job_with_experts() {
  TrainingJob job = testing::moe_setup("H800-SXM", 8, 1).job;
  job.model.moe->shared_ffn_hidden = 0;
  job.strategy.recompute = Recompute::none;
  return job;
}

TEST(ExpertOperators, FusedHaveNoActivationOfTheirOwn) {
  TrainingJob job = job_with_experts();
  EXPECT_EQ(count(layer_of(job, Pass::forward), "activation"), 1);
  job.fused_experts = true;
  EXPECT_EQ(count(layer_of(job, Pass::forward), "activation"), 0);
  EXPECT_EQ(count(layer_of(job, Pass::backward), "activation gradient"), 0);
  job.model.clamped_activation = true;  // which the fused operator does not know
  EXPECT_EQ(count(layer_of(job, Pass::forward), "activation"), 1);
}

TEST(ExpertOperators, SortWhatAnExchangeBringsAndTakes) {
  TrainingJob job = job_with_experts();
  job.sorts_exchanged_tokens = true;
  for (const Pass pass : {Pass::forward, Pass::input_gradient}) {
    EXPECT_EQ(count(layer_of(job, pass), "sort"), 2) << to_string(pass);
  }
  job.strategy.ep = 1;
  EXPECT_EQ(count(layer_of(job, Pass::forward), "sort"), 0) << "there is no exchange";
  job.strategy.ep = job.model.moe->experts;
  EXPECT_EQ(count(layer_of(job, Pass::forward), "sort"), 0) << "one expert a rank needs no order";
}

TEST(ExpertOperators, ComputeTheirActivationAgainWhereTheStackSaysSo) {
  TrainingJob job = job_with_experts();
  job.recomputes_expert_activation = true;
  EXPECT_EQ(count(layer_of(job, Pass::backward), "activation"), 0);
  job.strategy.recompute = Recompute::selective;
  EXPECT_EQ(count(layer_of(job, Pass::backward), "activation"), 1);
}

TEST(ExpertOperators, ReadAndWriteMemoryForEachStepOfAClampedActivation) {
  Elementwise e;
  e.kind = ElementwiseKind::activation;
  e.rows = 4096;
  e.columns = 2880;
  e.gated = true;
  const Bytes fused = bytes(e);
  e.fused = false;
  const Bytes parts = bytes(e);
  e.clamped = true;
  EXPECT_GT(parts, fused);
  EXPECT_NEAR(bytes(e).si(), 11 * 2 * e.rows * e.columns, 1);
  EXPECT_GT(bytes(e), parts);
}

TEST(ExpertOperators, AddTheirBiasesInKernelsOfTheirOwnUnlessFused) {
  TrainingJob job = job_with_experts();
  EXPECT_EQ(count(layer_of(job, Pass::forward), "expert bias"), 0) << "they have none";
  job.model.mlp_bias = true;
  EXPECT_EQ(count(layer_of(job, Pass::forward), "expert bias"), 1);
  const std::vector<OpNode> backward = layer_of(job, Pass::input_gradient);
  const auto gradient = std::ranges::find(backward, "expert bias gradient", &OpNode::name);
  ASSERT_NE(gradient, backward.end());
  const double rows = job.strategy.micro_batch * job.sequence_length * job.model.moe->active;
  EXPECT_NEAR(bytes(gradient->op).si(), 40 * rows * job.model.hidden, 1);
  EXPECT_EQ(kernels(gradient->op), 6.0 * job.model.moe->experts / job.strategy.ep);
  job.fused_clamped_activation = true;
  EXPECT_EQ(count(layer_of(job, Pass::forward), "expert bias"), 0);
}

TEST(WeightGradients, InBf16MoveHalfOfWhatTheyMoveInFp32) {
  TrainingJob job = job_with_experts();
  const auto largest = [&] {
    Bytes most{0};
    for (const OpNode& n : layer_of(job, Pass::weight_gradient)) most = std::max(most, bytes(n.op));
    return most.si();
  };
  const double fp32 = largest();
  job.precision.gradient_bytes = 2;
  EXPECT_LT(largest(), fp32);
  EXPECT_GT(largest(), 0.5 * fp32) << "the operands are read all the same";
}

}  // namespace
}  // namespace fleetwright
