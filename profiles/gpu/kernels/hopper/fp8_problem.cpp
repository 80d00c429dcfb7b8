#include "profiles/gpu/kernels/hopper/fp8_problem.hpp"

#include <fmt/core.h>

#include "models/core/error.hpp"
#include "profiles/gpu/kernels/hopper/fp8_plan.hpp"

namespace fleetwright::gpu::hopper {
namespace {

bool forward(const Fp8Problem& p) { return p.pass == GemmPass::forward; }

// [groups of k][rows, padded], a box of the scales of a tile's rows for one group.
TensorBox scale_box(const void* data, std::int64_t rows, int k, int tile) {
  return rows_box(data, TensorType::float32, static_cast<std::uint64_t>(scale_groups(k)),
                  static_cast<std::uint64_t>(rows),
                  static_cast<std::uint64_t>(scale_pitch(static_cast<int>(rows))), 1,
                  static_cast<std::uint32_t>(tile), 16);
}

TensorBox code_box(const void* data, std::int64_t rows, int k, int tile) {
  const auto width = static_cast<std::uint64_t>(k);
  return rows_box(data, TensorType::byte, static_cast<std::uint64_t>(rows), width, width,
                  static_cast<std::uint32_t>(tile), scale_group, 128);
}

}  // namespace

std::int64_t Fp8Problem::rows() const {
  return grouping == Grouping::masked ? std::int64_t{groups} * m : m;
}
std::int64_t Fp8Problem::columns() const {
  return pass == GemmPass::forward ? std::int64_t{groups} * n : n;
}
std::int64_t Fp8Problem::a_scales() const { return scales_1x128(static_cast<int>(rows()), k); }
std::int64_t Fp8Problem::b_scales() const {
  return pass == GemmPass::forward ? std::int64_t{groups} * scales_128x128(n, k)
                                   : scales_1x128(n, k);
}
std::int64_t Fp8Problem::results() const {
  return pass == GemmPass::forward ? rows() * n : std::int64_t{groups} * m * n;
}

void check_fp8_problem(const Fp8Problem& p) {
  const auto require = [](bool holds, const char* rule) {
    if (!holds) throw Error(fmt::format("fp8 product: {}", rule));
  };
  require(p.groups >= 1 && p.m >= 1 && p.n >= 1 && p.k >= 1, "every size is 1 or more");
  require(p.k % 16 == 0, "k is a multiple of 16");
  require(p.n % (forward(p) ? 8 : 4) == 0,
          forward(p) ? "n is a multiple of 8" : "n is a multiple of 4");
  const bool along_k = p.grouping == Grouping::along_k;
  require(!along_k || !forward(p), "groups along k are of a weight gradient");
  require(along_k || p.grouping == Grouping::whole || forward(p),
          "the groups of a weight gradient lie along k");
  require(p.groups == 1 || p.grouping != Grouping::whole, "a whole product has one group");
  require(p.rows() < (std::int64_t{1} << 31) && p.columns() < (std::int64_t{1} << 31),
          "rows are numbered in 31 bits");
}

Fp8Boxes fp8_boxes(const Fp8Problem& p, const Fp8Plan& plan, const Fp8Pointers& at) {
  const Fp8Tile tile = plan.tile(p.pass);
  Fp8Boxes boxes;
  boxes.a = code_box(at.a, p.rows(), p.k, tile.m);
  boxes.b = code_box(at.b, p.columns(), p.k, tile.n / plan.cluster);
  boxes.a_scales = scale_box(at.a_scales, p.rows(), p.k, tile.m);
  const auto panel = static_cast<std::uint32_t>(tile.panel_columns());
  const auto n = static_cast<std::uint64_t>(p.n), m = static_cast<std::uint64_t>(p.m);
  if (forward(p)) {
    boxes.d = rows_box(at.d, TensorType::bfloat16, static_cast<std::uint64_t>(p.rows()), n, n, 64,
                       panel, tile.panel_span());
    return boxes;
  }
  boxes.b_scales = scale_box(at.b_scales, p.columns(), p.k, tile.n);
  boxes.d = rows_box(at.d, TensorType::float32, m, n, n, 64, panel, tile.panel_span());
  boxes.d.rank = 3;
  boxes.d.size[2] = static_cast<std::uint64_t>(p.groups);
  boxes.d.stride[1] = m * n * sizeof(float);
  return boxes;
}

TileSchedule fp8_schedule(const Fp8Problem& p, const Fp8Plan& plan, const std::int32_t* sizes) {
  TileSchedule s;
  s.grouping = p.grouping;
  s.groups = p.groups;
  s.m = p.m;
  s.n = p.n;
  s.k = p.k;
  s.sizes = sizes;
  s.tile_m = plan.tile_m * plan.cluster;
  s.tile_n = plan.tile_n;
  s.band = plan.band;
  return s;
}

}  // namespace fleetwright::gpu::hopper
