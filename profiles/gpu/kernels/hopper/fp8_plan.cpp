#include "profiles/gpu/kernels/hopper/fp8_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "models/core/csv_table.hpp"
#include "models/core/error.hpp"

namespace fleetwright::gpu::hopper {
namespace {

double count(std::int64_t x) { return static_cast<double>(x); }

// Tiles that are taken side by side along n so that those of all clusters at work together need the
// fewest rows of a and b.
int best_band(const TileSchedule& s, int clusters) {
  const double band = std::sqrt(static_cast<double>(clusters) * s.tile_m / s.tile_n);
  return std::clamp(static_cast<int>(std::lround(band)), 1, s.tiles_n());
}

// Bytes of a chunk of k of a block that come from the L2.
double loaded_bytes(const Fp8Tile& tile, int cluster) {
  return tile.stage_bytes() - tile.b_bytes() * (1.0 - 1.0 / cluster);
}

/// The limits on a chunk of k, and what they are called.
std::pair<double, std::string_view> block_cycles(const Fp8Tile& tile, const Fp8Plan& plan,
                                                 const HopperRates& r) {
  const double product = 64.0 * tile.n * tile.k * 2 / r.tensor_flop;
  const double scaling = 64.0 * tile.n * (tile.forward ? 1 : 2) / r.fp32_fma;
  const int waves = tile.waves();
  const double rate = std::min(r.sm_l2_bytes, r.l2_bytes / plan.blocks);
  const std::array<std::pair<double, std::string_view>, 4> limits{{
      {tile.consumers() * waves * product, "tensor cores"},
      {waves * (product + r.product_latency + scaling), "scaling"},
      {loaded_bytes(tile, plan.cluster) / rate, "L2"},
      {r.load_latency / plan.stages, "latency"},
  }};
  return *std::ranges::max_element(limits, {}, [](const auto& limit) { return limit.first; });
}

double device_bytes(const Fp8Problem& p, const TileSchedule& s) {
  const bool along_k = s.grouping == Grouping::along_k, forward = p.pass == GemmPass::forward;
  double rows = 0, groups = 0;  // that are there
  for (int g = 0; g < s.groups; ++g) {
    rows += s.size(g);
    groups += s.size(g) > 0 ? 1 : 0;
  }
  if (s.grouping == Grouping::whole) groups = 1;
  const double m = along_k || s.grouping == Grouping::whole ? p.m : rows;
  const double k = along_k ? rows : p.k;
  // Results are added to: read and written.
  return m * k + p.n * k * (forward ? groups : 1) + m * p.n * (forward ? 2 : 8 * groups);
}

}  // namespace

void check_fp8_plan(const Fp8Plan& plan, GemmPass pass) {
  const Fp8Tile tile = plan.tile(pass);
  const auto require = [](bool holds, const std::string& rule) {
    if (!holds) throw Error("fp8 product: " + rule);
  };
  const bool known = std::ranges::any_of(fp8_tiles, [&](const Fp8Tile& t) {
    return t.m == tile.m && t.n == tile.n && t.forward == tile.forward;
  });
  require(known, fmt::format("no kernel for tiles of {}x{}", tile.m, tile.n));
  require(plan.cluster == 1 || plan.cluster == 2, "clusters are of 1 or 2 blocks");
  require(plan.stages >= 1 && tile.shared_bytes(plan.stages) <= shared_limit,
          fmt::format("{} stages do not fit", plan.stages));
  require(plan.blocks >= plan.cluster && plan.blocks % plan.cluster == 0,
          "blocks come in whole clusters");
  require(plan.band >= 1, "a band has tiles");
}

HopperRates read_hopper_rates(const std::filesystem::path& file) {
  const CsvTable table = CsvTable::read(file);
  HopperRates rates;
  const std::array<std::pair<std::string_view, double HopperRates::*>, 7> names{{
      {"tensor_flop", &HopperRates::tensor_flop},
      {"fp32_fma", &HopperRates::fp32_fma},
      {"sm_l2_bytes", &HopperRates::sm_l2_bytes},
      {"l2_bytes", &HopperRates::l2_bytes},
      {"dram_bytes", &HopperRates::dram_bytes},
      {"load_latency", &HopperRates::load_latency},
      {"product_latency", &HopperRates::product_latency},
  }};
  const auto fail = [](SourceLocation where, std::string message) {
    throw ScenarioError({{std::move(where), std::move(message), ""}});
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto* const found = std::ranges::find(names, table.text(row, "name"),
                                                [](const auto& name) { return name.first; });
    if (found == names.end()) {
      fail(table.where(row, "name"), fmt::format("no such rate: '{}'", table.text(row, "name")));
    }
    const double value = table.required_number(row, "value");
    if (value <= 0) fail(table.where(row, "value"), "a rate is positive");
    rates.*found->second = value;
  }
  for (const auto& [name, member] : names) {
    if (rates.*member == 0) fail({file.string(), 1, 1}, fmt::format("no row of '{}'", name));
  }
  return rates;
}

Fp8Cost cost_of(const Fp8Problem& p, const std::vector<std::int32_t>& sizes, const Fp8Plan& plan,
                const HopperRates& r) {
  const Fp8Tile tile = plan.tile(p.pass);
  const TileSchedule s = fp8_schedule(p, plan, sizes.data());
  const std::int64_t clusters = plan.blocks / plan.cluster;
  Fp8Cost cost;
  cost.plan = plan;
  const auto [cycles, bound] = block_cycles(tile, plan, r);
  cost.block_cycles = cycles;
  cost.bound = bound;
  // Cluster c takes tiles c, c + clusters, ...: the busiest is found by adding up.
  std::vector<double> busy(static_cast<std::size_t>(clusters));
  std::vector<std::int64_t> taken(busy.size());
  const double results = tile.m * tile.n * tile.d_element() / r.sm_l2_bytes;
  for (int g = 0; g < s.groups; ++g) {
    const double k = s.grouping == Grouping::along_k ? s.size(g) : p.k;
    const double of_tile = std::ceil(k / Fp8Tile::k) * cycles + results;
    for (int t = 0; t < s.tiles_of(g); ++t, ++cost.tiles) {
      const auto c = static_cast<std::size_t>(cost.tiles % clusters);
      busy[c] += of_tile;
      ++taken[c];
    }
  }
  cost.waves = *std::ranges::max_element(taken);
  cost.cycles = r.load_latency + *std::ranges::max_element(busy);
  if (const double floor = device_bytes(p, s) / r.dram_bytes; floor > cost.cycles) {
    cost.cycles = floor;
    cost.bound = "DRAM";
  }
  return cost;
}

std::vector<Fp8Cost> fp8_candidates(const Fp8Problem& p, const std::vector<std::int32_t>& sizes,
                                    int sms, const HopperRates& rates) {
  std::vector<Fp8Cost> found;
  for (const Fp8Tile& tile : fp8_tiles) {
    if (tile.forward != (p.pass == GemmPass::forward)) continue;
    for (const int cluster : {1, 2}) {
      if (cluster > sms) continue;
      Fp8Plan plan{tile.m, tile.n, cluster, tile.stages(), 1, sms / cluster * cluster};
      plan.band = best_band(fp8_schedule(p, plan, sizes.data()), plan.blocks / cluster);
      found.push_back(cost_of(p, sizes, plan, rates));
    }
  }
  const auto loaded = [&](const Fp8Cost& c) {
    return count(c.tiles) * c.plan.cluster * loaded_bytes(c.plan.tile(p.pass), c.plan.cluster);
  };
  std::ranges::stable_sort(found, [&](const Fp8Cost& a, const Fp8Cost& b) {
    return std::pair(a.cycles, loaded(a)) < std::pair(b.cycles, loaded(b));
  });
  return found;
}

}  // namespace fleetwright::gpu::hopper
