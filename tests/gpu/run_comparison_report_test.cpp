#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/core/data_files.hpp"
#include "profiles/gpu/run/comparison_report.hpp"

namespace fleetwright::gpu {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

MeasuredKernel product(double m, const std::string& library, double microseconds) {
  MeasuredKernel kernel;
  kernel.kernel = "gemm";
  kernel.op = Gemm{m, 1000, 1000, Precision::fp8_block, GemmPass::forward};
  kernel.library = library;
  kernel.sms = 132;
  kernel.median = Seconds{microseconds * 1e-6};
  return kernel;
}

Anchor anchor(double m, const std::string& library, double microseconds, double sms = 132) {
  KernelSample sample;
  sample.op = *product(m, library, microseconds).op;
  sample.library = library;
  sample.sms = sms;
  sample.time = Seconds{microseconds * 1e-6};
  sample.source = "PAPER";
  return {sample, "H800-SXM"};
}

TEST(ComparisonReport, NamesTheFastestAndWhatTheOthersReachOfIt) {
  MeasuredTable table;
  table.kernels = {product(1000, "cublas", 9), product(1000, "fleetwright", 5),
                   product(1000, "cublas", 4), product(2000, "fleetwright", 4)};
  table.kernels[2].clock = Hertz{1.755e9};
  const std::string text =
      comparison_report(table, {anchor(1000, "deepgemm", 2), anchor(1000, "slower", 3),
                                anchor(1000, "other", 1, 112), anchor(4000, "deepgemm", 1)});
  EXPECT_THAT(text,
              HasSubstr("500.0 TFLOP/s  1755 MHz  cublas gemm fp8-block m=1000 n=1000 k=1000, "
                        "132 SMs; fleetwright 80.0 %; 50.0 % of deepgemm on H800-SXM (1000.0 "
                        "TFLOP/s, PAPER)\n"))
      << "the later of two measurements, the faster of two published figures";
  EXPECT_THAT(text, Not(HasSubstr("112")));
  // Against 2 us; the other product has nothing beside it.
  EXPECT_THAT(text,
              HasSubstr("gemm: ours reach 95 % of the best of libraries and published figures "
                        "in 0 of 1\n"));
}

TEST(ComparisonReport, CountsWhereOursReachTheGoal) {
  MeasuredTable table;
  table.kernels = {product(1000, "cublas", 4), product(1000, "fleetwright-best", 4.2),
                   product(2000, "cublas", 4), product(2000, "fleetwright-best", 4.3)};
  EXPECT_THAT(comparison_report(table, {}), HasSubstr("in 1 of 2\n"));
}

TEST(ComparisonReport, HasTheAnchorsOfHopperForItsSxmParts) {
  const auto data = data_file("profiles/data");
  const auto of = [&](const char* accelerator) {
    return anchors_of(data / "measured" / accelerator / "kernels.csv", data);
  };
  const auto is_on = [](const char* accelerator) {
    return [accelerator](const Anchor& a) { return a.accelerator == accelerator; };
  };
  const std::vector<Anchor> h100 = of("h100-sxm");
  EXPECT_GT(std::ranges::count_if(h100, is_on("H800-SXM")), 100);
  EXPECT_GT(std::ranges::count_if(h100, is_on("H100-SXM")), 10);
  const std::vector<Anchor> a100 = of("a100-sxm-80");
  EXPECT_FALSE(a100.empty());
  EXPECT_EQ(std::ranges::count_if(a100, is_on("a100-sxm-80")),
            static_cast<std::ptrdiff_t>(a100.size()));
  EXPECT_TRUE(of("gb300-of-tomorrow").empty());
}

}  // namespace
}  // namespace fleetwright::gpu
