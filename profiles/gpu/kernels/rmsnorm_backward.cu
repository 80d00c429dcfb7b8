#include <algorithm>

#include "models/core/error.hpp"
#include "profiles/gpu/kernels/packs.cuh"
#include "profiles/gpu/kernels/rmsnorm.hpp"
#include "profiles/gpu/kernels/row_teams.cuh"

namespace fleetwright::gpu {
namespace {

// How many packs a thread holds of a row, and how many blocks share a multiprocessor: the sums of
// the gain's gradient stay in registers over all rows of a block, so wide rows need wide blocks.
// `ahead`: registers suffice to load the next row while this one is summed.
struct NarrowRows {
  static constexpr int packs = 2, threads = 448, blocks = 2;
  static constexpr bool ahead = true;
};
struct WideRows {
  static constexpr int packs = 2, threads = 896, blocks = 1;
  static constexpr bool ahead = true;
};
struct WidestRows {
  static constexpr int packs = 3, threads = 768, blocks = 1;
  static constexpr bool ahead = false;
};

// Numbers of packs, also of those in the rows just beyond the end, must fit in 32 bits.
constexpr std::size_t most_elements = std::size_t{1} << 34;

template <typename Plan>
constexpr int columns_of = Plan::packs* Plan::threads * 8;

// Calls `then` with the plan for rows of this width.
template <typename Then>
auto with_plan(int columns, Then then) {
  if (columns <= 0 || columns % 8 != 0 || columns > columns_of<WidestRows>) {
    throw Error("rmsnorm_backward: columns must be a multiple of 8, at most 18,432");
  }
  if (columns <= columns_of<NarrowRows>) return then(NarrowRows{});
  if (columns <= columns_of<WideRows>) return then(WideRows{});
  return then(WidestRows{});
}

template <typename Plan>
unsigned backward_blocks(std::size_t rows, int columns) {
  const RowTeams share = share_out_rows(columns / 8, Plan::packs, Plan::threads);
  return std::min(blocks_for(rows, static_cast<std::size_t>(share.teams)),
                  static_cast<unsigned>(multiprocessors() * Plan::blocks));
}

template <int Packs>
struct GradientRow {
  Bits y_gradient[Packs];
  Bits x[Packs];
};

/// The pack of that number. Numbers of 32 bits spare registers.
__device__ inline const bf16* pack_at(const bf16* matrix, unsigned pack) {
  return matrix + std::size_t{8} * pack;
}

template <int Packs>
__device__ inline GradientRow<Packs> load_row(const RmsnormBackward& call, unsigned row, int packs,
                                              int member, int team_size) {
  GradientRow<Packs> loaded;
  for (int k = 0; k < Packs; ++k) {
    const int pack = member + k * team_size;
    const bool mine = row < call.rows && pack < packs;
    const unsigned at = row * static_cast<unsigned>(packs) + static_cast<unsigned>(pack);
    loaded.y_gradient[k] = mine ? load_once(pack_at(call.y_gradient, at)) : Bits{};
    loaded.x[k] = mine ? load_once(pack_at(call.x, at)) : Bits{};
  }
  return loaded;
}

// With r the inverse RMS and n the columns: dx = r gain dy - x r^3 / n sum(gain dy x), and the
// gain's gradient is the sum of r x dy over the rows.
template <typename Plan, bool Residual>
__global__ void __launch_bounds__(Plan::threads, Plan::blocks)
    rmsnorm_backward_kernel(RmsnormBackward call, float per_column, int packs, int team_size) {
  constexpr int held = Plan::packs;
  constexpr bool ahead = Plan::ahead && !Residual;
  const RowPlace place = row_place(team_size);
  const auto teams = static_cast<unsigned>(place.teams), team = static_cast<unsigned>(place.team);
  Eight gain_gradient[held] = {};
  GradientRow<held> next;
  if (ahead) {
    next = load_row<held>(call, blockIdx.x * teams + team, packs, place.member, team_size);
  }

  for (unsigned first = blockIdx.x * teams; first < call.rows; first += gridDim.x * teams) {
    const unsigned row = first + team;
    if (!ahead) next = load_row<held>(call, row, packs, place.member, team_size);
    const GradientRow<held> now = next;
    if (ahead) {
      next = load_row<held>(call, row + gridDim.x * teams, packs, place.member, team_size);
    }
    const float r = row < call.rows ? call.inverse_rms[row] : 0.0F;
    const auto mine = [&](int k) {
      return row < call.rows && place.member + k * team_size < packs;
    };
    const auto pack = [&](int k) { return static_cast<unsigned>(place.member + k * team_size); };

    float product = 0;
    for (int k = 0; k < held; ++k) {
      if (!mine(k)) continue;
      const Eight dy = widen(now.y_gradient[k]), x = widen(now.x[k]);
      const Eight gain = widen(load_constant(pack_at(call.gain, pack(k))));
      for (int i = 0; i < 8; ++i) {
        const float of_gain = dy.at[i] * x.at[i];
        product += gain.at[i] * of_gain;
        gain_gradient[k].at[i] += r * of_gain;
      }
    }
    product = team_sum(product, team_size);
    const float shrink = per_column * product * r * r * r;
    for (int k = 0; k < held; ++k) {
      if (!mine(k)) continue;
      const Eight dy = widen(now.y_gradient[k]), x = widen(now.x[k]);
      const Eight gain = widen(load_constant(pack_at(call.gain, pack(k))));
      const unsigned at = row * static_cast<unsigned>(packs) + pack(k);
      Eight dx = Residual ? widen(load_once(pack_at(call.residual_gradient, at))) : Eight{};
      for (int i = 0; i < 8; ++i) {
        dx.at[i] += r * gain.at[i] * dy.at[i] - shrink * x.at[i];
      }
      store(call.x_gradient + std::size_t{8} * at, narrow(dx));
    }
  }

  // The teams of a block add up in order. More than one team: at most half of the widest narrow
  // row.
  __shared__ Pack<float> sums[columns_of<NarrowRows> / 2 / 4];
  for (int turn = 0; turn < place.teams; ++turn) {
    for (int k = 0; k < held; ++k) {
      const int pack = place.member + k * team_size;
      if (place.team != turn || pack >= packs) continue;
      for (int half = 0; half < 2; ++half) {
        const int four = 2 * pack + half;
        Pack<float> sum;
        for (int i = 0; i < 4; ++i) sum.at[i] = gain_gradient[k].at[4 * half + i];
        for (int i = 0; i < 4 && turn > 0; ++i) sum.at[i] += sums[four].at[i];
        if (turn + 1 < place.teams) {
          sums[four] = sum;
        } else {
          const std::size_t begin = static_cast<std::size_t>(blockIdx.x) * call.columns;
          store(call.partial_sums + begin + 4 * four, sum);
        }
      }
    }
    __syncthreads();
  }
}

constexpr int finish_warps = 32;  // at most
constexpr int unrolled = 4;
constexpr int finish_columns = 4 * warp_size;

// A block adds up 128 columns: each of its warps some of the partial sums, then all warps together.
__global__ void __launch_bounds__(finish_warps* warp_size)
    rmsnorm_finish_kernel(const float* partial_sums, float* gain_gradient, int parts, int columns) {
  __shared__ Pack<float> sums[finish_warps][warp_size];
  const int warps = static_cast<int>(blockDim.x) / warp_size;
  const int thread = static_cast<int>(threadIdx.x);
  const int lane = thread % warp_size, warp = thread / warp_size;
  const int first = static_cast<int>(blockIdx.x) * finish_columns;
  const bool mine = first + 4 * lane < columns;
  Pack<float> sum = {};
  for (int part = warp; part < parts; part += unrolled * warps) {
    Pack<float> more[unrolled] = {};
    for (int k = 0; k < unrolled; ++k) {
      if (!mine || part + k * warps >= parts) continue;
      const std::size_t begin = static_cast<std::size_t>(part + k * warps) * columns;
      more[k] = load_pack(partial_sums + begin + first + 4 * lane);
    }
    for (int k = 0; k < unrolled; ++k) {
      for (int i = 0; i < 4; ++i) sum.at[i] += more[k].at[i];
    }
  }
  sums[warp][lane] = sum;
  __syncthreads();
  if (thread >= finish_columns || first + thread >= columns) return;
  float total = 0;
  for (int w = 0; w < warps; ++w) total += sums[w][thread / 4].at[thread % 4];
  gain_gradient[first + thread] = total;
}

void start_finish(const RmsnormBackward& call, unsigned parts, Stream stream) {
  constexpr unsigned fewest_warps = finish_columns / warp_size, most_warps = finish_warps;
  const unsigned warps = std::clamp(blocks_for(parts, unrolled), fewest_warps, most_warps);
  launch(rmsnorm_finish_kernel, blocks_for(static_cast<std::size_t>(call.columns), finish_columns),
         warps * warp_size, stream, call.partial_sums, call.gain_gradient, parts, call.columns);
}

template <typename Plan>
void start_backward(const RmsnormBackward& call, Stream stream) {
  const int packs = call.columns / 8;
  const RowTeams share = share_out_rows(packs, Plan::packs, Plan::threads);
  const unsigned grid = backward_blocks<Plan>(call.rows, call.columns);
  const auto kernel = call.residual_gradient != nullptr ? rmsnorm_backward_kernel<Plan, true>
                                                        : rmsnorm_backward_kernel<Plan, false>;
  launch(kernel, grid, share.threads(), stream, call, 1.0F / static_cast<float>(call.columns),
         packs, share.team);
  start_finish(call, grid, stream);
}

}  // namespace

std::size_t rmsnorm_partial_sums(std::size_t rows, int columns) {
  return with_plan(columns, [&](auto plan) {
    return backward_blocks<decltype(plan)>(rows, columns) * static_cast<std::size_t>(columns);
  });
}

void rmsnorm_backward(const RmsnormBackward& call, Stream stream) {
  if (call.rows == 0 || call.rows * static_cast<std::size_t>(call.columns) > most_elements) {
    throw Error("rmsnorm_backward: needs 1 to 2^34 elements");
  }
  with_plan(call.columns, [&](auto plan) { start_backward<decltype(plan)>(call, stream); });
}

}  // namespace fleetwright::gpu
