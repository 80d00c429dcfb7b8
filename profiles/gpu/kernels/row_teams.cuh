#pragma once

#include "profiles/gpu/kernels/device.cuh"

namespace fleetwright::gpu {

/// How the threads of a block share out rows: each team takes one row at a time. A team is 8, 16 or
/// a multiple of 32 threads, and all teams of a block together are whole warps.
struct RowTeams {
  int team = 0;   // threads
  int teams = 0;  // of a block
  [[nodiscard]] unsigned threads() const { return static_cast<unsigned>(team * teams); }
};

/// Enough threads for rows of `packs` packs where each thread holds `packs_per_thread`; as many
/// teams as keep the block within `most_threads`, if one team does.
inline RowTeams share_out_rows(int packs, int packs_per_thread, int most_threads) {
  const int needed = (packs + packs_per_thread - 1) / packs_per_thread;
  int team = needed <= 8 ? 8 : 16;
  if (needed > 16) team = (needed + warp_size - 1) / warp_size * warp_size;
  const int teams = most_threads / team;
  return {team, teams > 0 ? teams : 1};
}

/// Where a thread stands in its block.
struct RowPlace {
  int member = 0;  // in its team
  int team = 0;    // in the block
  int teams = 0;
};

__device__ inline RowPlace row_place(int team_size) {
  const int thread = static_cast<int>(threadIdx.x);
  return {thread % team_size, thread / team_size, static_cast<int>(blockDim.x) / team_size};
}

// Combines a value over the caller's team and gives the result to all of it. All threads of the
// block must call it.
template <typename Combine>
__device__ inline float over_team(float x, int team_size, float neutral, Combine combine) {
  for (int lanes = warp_size / 2; lanes > 0; lanes /= 2) {
    if (lanes < team_size) x = combine(x, __shfl_xor_sync(all_lanes, x, lanes));
  }
  if (team_size <= warp_size) return x;
  __shared__ float parts[1024 / warp_size];
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const int warp = static_cast<int>(threadIdx.x) / warp_size;
  const int warps = team_size / warp_size;
  __syncthreads();  // the array may still be read from the last call
  if (lane == 0) parts[warp] = x;
  __syncthreads();
  x = lane < warps ? parts[warp / warps * warps + lane] : neutral;
  for (int lanes = warp_size / 2; lanes > 0; lanes /= 2) {
    x = combine(x, __shfl_xor_sync(all_lanes, x, lanes));
  }
  return x;
}

__device__ inline float team_sum(float x, int team_size) {
  return over_team(x, team_size, 0.0F, [](float a, float b) { return a + b; });
}
__device__ inline float team_max(float x, int team_size) {
  return over_team(x, team_size, -INFINITY, [](float a, float b) { return fmaxf(a, b); });
}

}  // namespace fleetwright::gpu
