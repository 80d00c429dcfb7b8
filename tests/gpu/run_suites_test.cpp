#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "models/core/data_files.hpp"
#include "models/precision_recipe.hpp"
#include "models/stage_operators.hpp"
#include "profiles/gpu/run/cases.hpp"
#include "profiles/gpu/run/suites.hpp"
#include "profiles/gpu/run/v3_operators.hpp"
#include "profiles/operator_columns.hpp"

namespace fleetwright::gpu {
namespace {

std::set<std::vector<std::string>> cells_of(const std::vector<Operator>& operators) {
  std::set<std::vector<std::string>> cells;
  for (const Operator& op : operators) cells.insert(operator_cells(op));
  return cells;
}

TEST(V3Suite, UsesTheRecipeOfTheDataFile) {
  // Written out so that the program reads no TOML where it measures.
  TrainingJob from_file = v3_job();
  from_file.precision =
      read_precision_recipes(data_file("models/data/precision.toml")).at("fp8-block");
  EXPECT_EQ(cells_of(kernels_of(from_file)), cells_of(v3_operators()));
}

TEST(V3Suite, HoldsEveryOperatorOfEveryStage) {
  const auto measured = cells_of(v3_operators());
  const TrainingJob job = v3_job();
  int kernels = 0;
  for (const StageContent& stage : stage_contents(job, job.strategy.pp)) {
    for (const Pass pass : {Pass::forward, Pass::backward}) {
      const OpGraph graph = stage_operators(job, stage, pass);
      for (const OpNode& node : graph.nodes()) {
        if (std::holds_alternative<CollectiveCall>(node.op)) continue;
        ++kernels;
        EXPECT_TRUE(measured.contains(operator_cells(node.op))) << describe(node.op);
      }
    }
  }
  EXPECT_GT(kernels, 5000);
  EXPECT_LT(measured.size(), 150U);
}

TEST(V3Suite, HasTheProductsOfTheReport) {
  const auto measured = cells_of(v3_operators());
  for (const Operator& op : std::vector<Operator>{
           Gemm{4096, 24576, 1536, Precision::fp8_block, GemmPass::forward},
           Gemm{4096, 7168, 16384, Precision::fp8_block, GemmPass::forward},
           Gemm{4096, 129280, 7168, Precision::bf16, GemmPass::forward},
           GroupedGemm{4, 32768, 4096, 7168, Precision::fp8_block, GemmPass::forward},
           GroupedGemm{4, 7168, 2048, 32768, Precision::fp8_block, GemmPass::weight_gradient},
           Attention{1, 4096, 4096, 128, 128, 192, 128, 0, Precision::bf16, true}}) {
    EXPECT_TRUE(measured.contains(operator_cells(op))) << describe(op);
  }
}

// Every key is read once for all heads and has the value in it: at 128 heads a token 242 operations
// a byte of the cache, with both products and all keys seen.
TEST(DecodeSuite, CountsKeysThatHoldTheirValues) {
  const auto suite = std::ranges::find(builtin_suites(), "decode", &Suite::name);
  ASSERT_NE(suite, builtin_suites().end());
  for (const Operator& op : suite->operators()) {
    const auto& a = std::get<Attention>(op);
    const double pairs = a.batch * (a.queries * a.keys - (a.queries == 2 ? 1 : 0));
    EXPECT_DOUBLE_EQ(flop(op).si(), 2 * pairs * 128 * (576 + 512));
    EXPECT_DOUBLE_EQ(bytes(op).si(), 2 * a.batch * (a.keys * 576 + a.queries * 128 * (576 + 512)));
  }
}

TEST(ShapeGrid, HasEachShapeOnce) {
  for (const Suite& suite : builtin_suites()) {
    const auto operators = suite.operators();
    EXPECT_EQ(cells_of(operators).size(), operators.size()) << suite.name;
    EXPECT_FALSE(operators.empty()) << suite.name;
  }
}

TEST(ShapeGrid, SpansWhatTheModelsAskFor) {
  double least_m = 1e9, most_m = 0, least_keys = 1e9, most_keys = 0;
  for (const Operator& op : builtin_suites().back().operators()) {
    if (const auto* g = std::get_if<Gemm>(&op); g != nullptr && g->pass == GemmPass::forward) {
      least_m = std::min(least_m, g->m);
      most_m = std::max(most_m, g->m);
    }
    if (const auto* a = std::get_if<Attention>(&op)) {
      least_keys = std::min(least_keys, a->keys);
      most_keys = std::max(most_keys, a->keys);
    }
  }
  EXPECT_EQ(least_m, 1);
  EXPECT_EQ(most_m, 32768);
  EXPECT_EQ(least_keys, 1024);
  EXPECT_EQ(most_keys, 131072);
}

bool is_norm(const Operator& op) { return std::holds_alternative<Norm>(op); }
bool is_gemm(const Operator& op) { return std::holds_alternative<Gemm>(op); }

Benchmark benchmark(std::string_view name, std::string_view library,
                    bool (*accepts)(const Operator&), bool limits_sms) {
  Benchmark b;
  b.name = name;
  b.library = library;
  b.accepts = accepts;
  b.limits_sms = limits_sms;
  return b;
}

TEST(Cases, AreOperatorsByTheBenchmarksThatAcceptThem) {
  const std::vector benchmarks{benchmark("a.norm", "a", is_norm, false),
                               benchmark("b.norm", "b", is_norm, false),
                               benchmark("b.gemm", "b", is_gemm, true)};
  const std::vector<Operator> operators{Gemm{16, 32, 64}, Norm{8, 512, false}, Norm{8, 512, false}};
  const std::vector<Case> cases = cases_of(operators, benchmarks, 132);
  std::vector<std::string> names;
  for (const Case& c : cases) names.push_back(c.name());
  EXPECT_EQ(names,
            (std::vector<std::string>{"b.gemm: gemm bf16 m=16 n=32 k=64, 132 SMs",
                                      "b.gemm: gemm bf16 m=16 n=32 k=64, 112 SMs",
                                      "a.norm: rmsnorm_forward rows=8 columns=512, 132 SMs",
                                      "b.norm: rmsnorm_forward rows=8 columns=512, 132 SMs"}));
  std::set<std::string> keys;
  for (const Case& c : cases) keys.insert(c.key());
  EXPECT_EQ(keys.size(), 4U);
}

}  // namespace
}  // namespace fleetwright::gpu
