#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/score_dropout.cu"
#include "profiles/gpu/kernels/score_softmax.cu"
//
#include "profiles/gpu/benchmarks/score_softmax.hpp"
#include "profiles/gpu/checks/score_softmax_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedScoreSoftmax, EqualsTheReference) {
  expect_passes(check_score_softmax, {1, 2, 20261, 20262});
}

TEST(EmulatedScoreSoftmax, BenchmarksWriteTheirOutputs) {
  Elementwise op;
  op.kind = ElementwiseKind::softmax;
  op.rows = 2 * 64;
  op.columns = 64;
  expect_writes_outputs(score_softmax_benchmarks(), op, 3);
  op.backward = true;
  op.rows = 2 * 24;  // a context-parallel part of the queries
  expect_writes_outputs(score_softmax_benchmarks(), op, 2);
}

TEST(EmulatedScoreSoftmax, RefusesWhatItCannotDo) {
  EXPECT_THROW(score_softmax(nullptr, nullptr, {1, 1, 12, 1.0F, false}, nullptr), Error);
  EXPECT_THROW(score_softmax(nullptr, nullptr, {1, 1, 16392, 1.0F, false}, nullptr), Error);
  EXPECT_THROW(score_softmax(nullptr, nullptr, {9, 9, 8, 1.0F, true}, nullptr), Error);
  EXPECT_THROW(dropout(nullptr, nullptr, nullptr, 8, 1.0, 1, nullptr), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
