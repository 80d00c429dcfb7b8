#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "profiles/gpu/benchmarks/cublaslt.hpp"
#include "profiles/gpu/benchmarks/cublaslt_workloads.hpp"
#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/cublaslt_check.hpp"
#include "profiles/gpu/libraries/cublaslt_grouped.hpp"
#include "profiles/gpu/libraries/even_parts.hpp"
#include "tests/gpu/library_emulated_cublaslt.hpp"

namespace fleetwright::gpu {
namespace {

constexpr Precision formats[] = {Precision::bf16, Precision::fp16, Precision::fp8,
                                 Precision::fp8_block};
constexpr GemmPass passes[] = {GemmPass::forward, GemmPass::weight_gradient};

const CublasLtApi& emulated() {
  static const CublasLtApi api = emulated_cublaslt();
  return api;
}

const Benchmark& benchmark(std::string_view name) {
  static const std::vector<Benchmark> all = cublaslt_benchmarks();
  for (const Benchmark& b : all) {
    if (b.name == name) return b;
  }
  throw std::logic_error("no such benchmark");
}

// Poisons what a launch must write, launches, and looks for poison.
void expect_written_whole(Workload& workload, std::size_t elements) {
  std::size_t written = 0;
  for (const Output& o : workload.outputs()) {
    ASSERT_EQ(o.type, ElementType::bfloat16);
    device_fill(o.data, 0xff, 2 * o.elements);
    written += o.elements;
  }
  EXPECT_EQ(written, elements);
  workload.launch(nullptr);
  for (const Output& o : workload.outputs()) {
    std::vector<__nv_bfloat16> values(o.elements);
    download(values.data(), o.data, 2 * o.elements);
    for (const double v : widen(values)) ASSERT_FALSE(std::isnan(v));
  }
}

TEST(CublasLtMatmul, MultipliesWhatIsMeant) {
  CublasLtContext context(emulated());
  for (const std::uint64_t seed : {1U, 2U}) {
    const auto results = check_cublaslt(context, seed);
    EXPECT_EQ(results.size(), 4U * 2U * 3U);  // formats, passes, shapes: none is refused
    for (const CheckResult& r : results) {
      EXPECT_TRUE(r.passed()) << r.what << ": " << r.error << " over " << r.bound;
    }
  }
}

TEST(CublasLtMatmul, KeepsTheAlgorithmsThatWork) {
  CublasLtContext context(emulated());
  const MatmulProblem p{32, 32, 32, Precision::bf16, GemmPass::forward};
  EXPECT_EQ(CublasLtMatmul(context, p).candidates(), 1U);
  EXPECT_EQ(CublasLtMatmul(context, p, 8).candidates(), 2U);  // of three, one does not
}

TEST(CublasLtMatmul, SaysWhichProductHasNoAlgorithm) {
  CublasLtContext context(emulated());
  try {
    const CublasLtMatmul refused(context, {32, 32, 24, Precision::fp8, GemmPass::forward});
    FAIL() << "rows of 24 bytes were taken";
  } catch (const Unavailable& e) {
    EXPECT_NE(std::string(e.what()).find("an algorithm for gemm 32x32x24 fp8"), std::string::npos)
        << e.what();
    EXPECT_NE(std::string(e.what()).find("not supported"), std::string::npos) << e.what();
  }
}

TEST(CublasLtGemmBenchmark, WritesItsWholeResult) {
  for (const Precision format : formats) {
    const auto forward =
        cublaslt_gemm(emulated(), {12, 32, 144, format, GemmPass::forward}, 0, 7, 1);
    expect_written_whole(*forward, std::size_t{12} * 32);
    const auto gradient =
        cublaslt_gemm(emulated(), {16, 32, 256, format, GemmPass::weight_gradient}, 0, 7, 1);
    expect_written_whole(*gradient, 0);  // it adds to FP32
  }
}

TEST(CublasLtGemmBenchmark, PlansForTheSms) {
  const Gemm op{16, 16, 16, Precision::bf16, GemmPass::forward};
  cublaslt_gemm(emulated(), op, 112, 1, 1)->launch(nullptr);
  EXPECT_EQ(emulated_cublaslt_sms(), 112);
  cublaslt_gemm(emulated(), op, 0, 1, 1)->launch(nullptr);
  EXPECT_EQ(emulated_cublaslt_sms(), 0);
}

TEST(CublasLtGemmBenchmark, TakesTheFirstAlgorithmUnlessItMayCompare) {
  const Gemm op{16, 16, 16, Precision::bf16, GemmPass::forward};
  cublaslt_gemm(emulated(), op, 0, 1, 1)->launch(nullptr);
  EXPECT_EQ(emulated_cublaslt_algorithm(), 0);
  cublaslt_gemm(emulated(), op, 0, 1, 8)->launch(nullptr);
  EXPECT_EQ(emulated_cublaslt_algorithm(), 2);
}

TEST(CublasLtGroupedGemmBenchmark, WritesTheRowsOfAllExperts) {
  for (const Precision format : formats) {
    const auto forward =
        cublaslt_grouped_gemm(emulated(), {3, 80, 16, 144, format, GemmPass::forward}, 0, 7);
    expect_written_whole(*forward, std::size_t{80} * 16);
    const auto gradient = cublaslt_grouped_gemm(
        emulated(), {3, 32, 16, 512, format, GemmPass::weight_gradient}, 0, 7);
    expect_written_whole(*gradient, 0);
  }
}

TEST(CublasLtGroupedGemmBenchmark, RoundsTheRowsToWhatAProductTakes) {
  CublasLtContext context(emulated());
  const auto rows = [&](double m, double k, Precision p, GemmPass pass) {
    const CublasLtGroupedMatmul product(context, {4, m, 32, k, p, pass}, 0);
    return std::accumulate(product.rows().begin(), product.rows().end(), std::int64_t{0});
  };
  EXPECT_EQ(rows(100.4, 64, Precision::bf16, GemmPass::forward), 100);
  EXPECT_EQ(rows(100.4, 64, Precision::fp8, GemmPass::forward), 96);
  EXPECT_EQ(rows(32, 700, Precision::fp8, GemmPass::weight_gradient), 704);
  EXPECT_EQ(rows(32, 700, Precision::fp8_block, GemmPass::weight_gradient), 640);
  EXPECT_EQ(rows(3, 64, Precision::fp8, GemmPass::forward), 16);
}

TEST(CublasLtGroupedGemmBenchmark, SplitsEvenly) {
  EXPECT_EQ(even_parts(10, 4, 1), (std::vector<std::int64_t>{3, 3, 2, 2}));
  EXPECT_EQ(even_parts(640, 3, 128), (std::vector<std::int64_t>{256, 256, 128}));
  EXPECT_EQ(even_parts(2, 3, 1), (std::vector<std::int64_t>{1, 1, 0}));
}

TEST(CublasLtBenchmarks, AcceptTheirFormatsAndSizes) {
  const Benchmark& gemm = benchmark("cublaslt.gemm");
  const Benchmark& grouped = benchmark("cublaslt.grouped_gemm");
  for (const GemmPass pass : passes) {
    for (const Precision format : formats) {
      EXPECT_TRUE(gemm.accepts(Gemm{4096, 7168, 2048, format, pass}));
      EXPECT_TRUE(grouped.accepts(GroupedGemm{4, 32768, 4096, 7168, format, pass}));
      EXPECT_FALSE(grouped.accepts(Gemm{4096, 7168, 2048, format, pass}));
    }
    EXPECT_FALSE(gemm.accepts(Gemm{4096, 7168, 2048, Precision::mxfp8, pass}));
    EXPECT_FALSE(gemm.accepts(Gemm{4096, 7168, 2040, Precision::fp8, pass}));
    EXPECT_TRUE(gemm.accepts(Gemm{4096, 7168, 2040, Precision::bf16, pass}));
  }
  EXPECT_TRUE(gemm.accepts(Gemm{1, 576, 7168, Precision::fp8, GemmPass::forward}));
  EXPECT_FALSE(gemm.accepts(Gemm{1, 576, 7168, Precision::fp8_block, GemmPass::forward}));
  EXPECT_FALSE(gemm.accepts(Norm{4096, 7168}));
}

}  // namespace
}  // namespace fleetwright::gpu
