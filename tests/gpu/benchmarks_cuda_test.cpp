#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "models/core/data_files.hpp"
#include "models/precision_recipe.hpp"
#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/run/suites.hpp"
#include "profiles/gpu/run/v3_operators.hpp"
#include "profiles/operator_columns.hpp"

namespace fleetwright::gpu {
namespace {

std::string text_of(const Operator& op) {
  std::string text;
  for (const std::string& cell : operator_cells(op)) text += cell + " ";
  return text;
}

bool is_accepted(const Operator& op) {
  return std::ranges::any_of(builtin_benchmarks(),
                             [&](const Benchmark& b) { return b.accepts(op); });
}

TrainingJob job_of(const std::string& model, const std::string& precision, bool fused) {
  TrainingJob job;
  job.model = read_model_config(data_file("models/zoo/" + model + ".json"));
  job.model.vocabulary = (job.model.vocabulary + 127) / 128 * 128;  // as Megatron-LM pads it
  job.precision = read_precision_recipes(data_file("models/data/precision.toml")).at(precision);
  job.sequence_length = 4096;
  job.fused_attention = fused;
  if (job.model.moe) job.strategy.ep = 8;
  job.strategy.dp = 8;
  job.strategy.global_batch = 8;
  return job;
}

TEST(Benchmarks, CoverEveryKernelOfDeepSeekV3) {
  for (const Operator& op : v3_operators()) EXPECT_TRUE(is_accepted(op)) << text_of(op);
}

TEST(Benchmarks, CoverEveryKernelOfOtherModels) {
  for (const auto& [model, precision, fused] :
       {std::tuple{"llama-3.1-70b", "bf16", true}, std::tuple{"gpt3-175b", "bf16", false},
        std::tuple{"mixtral-8x7b", "bf16", true}, std::tuple{"qwen3-235b-a22b", "bf16", true},
        std::tuple{"kimi-k2", "fp8-block", true}}) {
    for (const Operator& op : kernels_of(job_of(model, precision, fused))) {
      EXPECT_TRUE(is_accepted(op)) << model << ": " << text_of(op);
    }
  }
}

TEST(Benchmarks, CoverEveryShapeOfTheSuites) {
  for (const Suite& suite : builtin_suites()) {
    for (const Operator& op : suite.operators()) {
      EXPECT_TRUE(is_accepted(op)) << suite.name << ": " << text_of(op);
    }
  }
}

TEST(Benchmarks, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const Benchmark& b : builtin_benchmarks()) {
    EXPECT_TRUE(names.insert(b.name).second) << b.name;
    EXPECT_FALSE(b.help.empty()) << b.name;
    EXPECT_NE(b.prepare, nullptr) << b.name;
  }
  EXPECT_GT(names.size(), 25U);
}

TEST(Benchmarks, OfOurKernelsEachFamilyHasACheck) {
  int checks = 0;
  for (const Benchmark& b : builtin_benchmarks()) {
    if (b.library == "fleetwright" && b.check != nullptr) ++checks;
  }
  EXPECT_GE(checks, 12);
}

// A row of one library is told from another's by library, operator and SMs alone.
TEST(Benchmarks, OfOneLibraryNeverAcceptTheSameOperator) {
  for (const Suite& suite : builtin_suites()) {
    for (const Operator& op : suite.operators()) {
      std::set<std::string_view> libraries;
      for (const Benchmark& b : builtin_benchmarks()) {
        if (!b.accepts(op)) continue;
        EXPECT_TRUE(libraries.insert(b.library).second) << b.name << ": " << text_of(op);
      }
    }
  }
}

}  // namespace
}  // namespace fleetwright::gpu
