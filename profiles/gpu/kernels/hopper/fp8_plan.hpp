#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "models/operators.hpp"
#include "profiles/gpu/kernels/hopper/fp8_problem.hpp"
#include "profiles/gpu/kernels/hopper/fp8_tile.hpp"

namespace fleetwright::gpu::hopper {

/// How a product is cut up.
struct Fp8Plan {
  int tile_m = 0;
  int tile_n = 0;
  int cluster = 1;  // blocks that lie side by side along m and load half of b's tile each: 1 or 2
  int stages = 0;
  int band = 1;    // as TileSchedule
  int blocks = 0;  // of the persistent kernel, one an SM: a multiple of cluster

  [[nodiscard]] constexpr Fp8Tile tile(GemmPass pass) const {
    return {tile_m, tile_n, pass == GemmPass::forward};
  }
};

/// Throws Error for a plan that there is no kernel for or that does not fit into shared memory.
void check_fp8_plan(const Fp8Plan& plan, GemmPass pass);

/// What a GPU does in a cycle of its SMs' clock: profiles/data/hopper_sm.csv, which has the
/// sources.
struct HopperRates {
  double tensor_flop = 0;      // of an SM
  double fp32_fma = 0;         // of an SM
  double sm_l2_bytes = 0;      // of an SM
  double l2_bytes = 0;         // of all
  double dram_bytes = 0;       // of all
  double load_latency = 0;     // cycles
  double product_latency = 0;  // cycles
};

/// Throws ScenarioError, located, for a table that is not whole.
[[nodiscard]] HopperRates read_hopper_rates(const std::filesystem::path& file);

/// A plan and what it should cost.
struct Fp8Cost {
  Fp8Plan plan;
  std::int64_t tiles = 0;   // of clusters
  std::int64_t waves = 0;   // tiles that the busiest cluster has
  double block_cycles = 0;  // of 128 of k of a tile
  double cycles = 0;        // of the product
  std::string_view
      bound;  // what the time goes to: "tensor cores", "scaling", "L2", "latency", "DRAM"
};

/// The time of a product by a plan: waves of tiles, each k_blocks times the slowest of the tensor
/// cores, the scaling of one warp-group (which another's product hides), the loads by bandwidth and
/// by latency over stages, then its results; and no less than what moves through device memory.
/// `sizes`: of the groups, as the kernel is going to find them; none for a whole product.
[[nodiscard]] Fp8Cost cost_of(const Fp8Problem& problem, const std::vector<std::int32_t>& sizes,
                              const Fp8Plan& plan, const HopperRates& rates);

/// Every tile, alone and in clusters of two, on so many SMs, the cheapest first; of equals the one
/// that loads least.
[[nodiscard]] std::vector<Fp8Cost> fp8_candidates(const Fp8Problem& problem,
                                                  const std::vector<std::int32_t>& sizes, int sms,
                                                  const HopperRates& rates);

}  // namespace fleetwright::gpu::hopper
