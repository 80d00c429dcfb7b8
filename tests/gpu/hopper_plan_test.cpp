#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>

#include "models/core/data_files.hpp"
#include "models/core/diagnostics.hpp"
#include "profiles/gpu/kernels/hopper/fp8_plan.hpp"
#include "profiles/gpu/run/plan_report.hpp"
#include "profiles/gpu/run/sized_problem.hpp"

namespace fleetwright::gpu::hopper {
namespace {

constexpr int h100 = 132;

const HopperRates& rates() {
  static const HopperRates read = read_hopper_rates(data_file("profiles/data/hopper_sm.csv"));
  return read;
}

Fp8Cost best(const Operator& op, int sms = h100) {
  const auto p = sized_problem(op);
  return fp8_candidates(p->problem, p->sizes, sms, rates()).front();
}

Gemm product(double m, double n, double k, GemmPass pass = GemmPass::forward) {
  return {m, n, k, Precision::fp8_block, pass};
}

TEST(HopperPlan, ConsidersEveryTileAloneAndInPairs) {
  const auto p = sized_problem(product(4096, 7168, 2048));
  const auto found = fp8_candidates(p->problem, p->sizes, h100, rates());
  std::size_t tiles = 0;
  for (const Fp8Tile& tile : fp8_tiles) tiles += tile.forward ? 1 : 0;
  EXPECT_EQ(found.size(), 2 * tiles);
  for (std::size_t c = 0; c < found.size(); ++c) {
    EXPECT_NO_THROW(check_fp8_plan(found[c].plan, GemmPass::forward));
    if (c > 0) {
      EXPECT_LE(found[c - 1].cycles, found[c].cycles);
    }
  }
}

// What the busiest cluster is given by the schedule of the kernel itself.
RC_GTEST_PROP(HopperPlan, CountsTheTilesThatTheKernelTakes, ()) {
  Fp8Problem p;
  p.m = *rc::gen::inRange(1, 5000);
  p.n = *rc::gen::inRange(1, 400) * 8;
  p.k = *rc::gen::inRange(1, 100) * 16;
  std::vector<std::int32_t> sizes;
  if (*rc::gen::arbitrary<bool>()) {
    p.grouping = Grouping::contiguous;
    p.groups = *rc::gen::inRange(1, 9);
    for (int g = 0; g < p.groups; ++g) sizes.push_back(*rc::gen::inRange(0, 700));
  }
  const int sms = *rc::gen::inRange(2, 140);
  for (const Fp8Cost& cost : fp8_candidates(p, sizes, sms, rates())) {
    RC_ASSERT(cost.plan.blocks <= sms && cost.plan.blocks > sms - cost.plan.cluster);
    const TileSchedule s = fp8_schedule(p, cost.plan, sizes.data());
    const int clusters = cost.plan.blocks / cost.plan.cluster;
    std::int64_t most = 0, all = 0;
    for (int c = 0; c < clusters; ++c) {
      TileCursor cursor(s, c, clusters);
      std::int64_t taken = 0;
      for (Tile tile; cursor.next(tile);) ++taken;
      most = std::max(most, taken);
      all += taken;
    }
    RC_ASSERT(cost.waves == most && cost.tiles == all);
  }
}

// The time is no less than that of the tensor cores of those SMs, nor than that of the memory.
RC_GTEST_PROP(HopperPlan, IsNeverFasterThanTheHardware, ()) {
  const Gemm g = product(*rc::gen::inRange(1, 9000), *rc::gen::inRange(1, 1000) * 16,
                         *rc::gen::inRange(1, 1000) * 16,
                         *rc::gen::element(GemmPass::forward, GemmPass::weight_gradient));
  const int sms = *rc::gen::element(132, 112, 78);
  const Fp8Cost cost = best(g, sms);
  RC_ASSERT(cost.cycles * rates().tensor_flop * sms >= flop(g).si());
  RC_ASSERT(cost.cycles * rates().dram_bytes >= g.m * g.k + g.n * g.k);
}

// 256 x 7168 is 112 tiles of 128 x 128, which leave 20 SMs idle, and 128 of 128 x 112.
TEST(HopperPlan, FillsTheLastWave) {
  const auto p = sized_problem(product(256, 7168, 16384));
  const auto cycles = [&](int tile_n) {
    const Fp8Plan plan{128, tile_n, 1, 5, 8, h100};
    return cost_of(p->problem, p->sizes, plan, rates());
  };
  EXPECT_EQ(cycles(128).tiles, 112);
  EXPECT_EQ(cycles(112).tiles, 128);
  EXPECT_LT(cycles(112).cycles, cycles(128).cycles);
}

TEST(HopperPlan, TakesLowTilesForFewRowsAndPairsForMany) {
  EXPECT_EQ(best(product(64, 7168, 2048)).plan.tile_m, 64);
  EXPECT_EQ(best(product(64, 7168, 2048)).plan.cluster, 1);
  const Fp8Plan large = best(product(16384, 7168, 4096)).plan;
  EXPECT_GE(large.tile_m * large.tile_n, 128 * 128);
  EXPECT_EQ(large.cluster, 2);
}

TEST(HopperPlan, OfFewTokensIsBoundByMemory) {
  EXPECT_EQ(best(product(16, 7168, 18432)).bound, "DRAM");
  EXPECT_NE(best(product(16384, 7168, 18432)).bound, "DRAM");
}

TEST(HopperPlan, ReportShowsTheBestOfEachProduct) {
  const std::vector<Operator> operators{product(4096, 7168, 2048), Norm{4096, 7168},
                                        GroupedGemm{8, 4096, 4096, 7168, Precision::fp8_block}};
  const std::string text = plan_report(operators, h100, rates(), 2);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1 + 2 * 2);
  EXPECT_THAT(text, testing::HasSubstr(describe(operators[0])));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("norm")));
}

TEST(HopperRatesTable, ThatIsNotWholeIsRefused) {
  const std::string file = testing::TempDir() + "hopper_rates.csv";
  const auto refuses = [&](const std::string& rows, const std::string& part) {
    std::ofstream(file) << "name,value,unit,kind,source\n" << rows;
    try {
      static_cast<void>(read_hopper_rates(file));
      FAIL() << rows;
    } catch (const ScenarioError& e) {
      EXPECT_THAT(render(e.diagnostics()), testing::HasSubstr(part));
    }
  };
  refuses("tensor_flop,8192,,,\n", "no row of 'fp32_fma'");
  refuses("tensor_flops,8192,,,\n", "no such rate: 'tensor_flops'");
  refuses("tensor_flop,-1,,,\n", "a rate is positive");
}

}  // namespace
}  // namespace fleetwright::gpu::hopper
