#include "models/core/error.hpp"
#include "profiles/gpu/kernels/device.cuh"
#include "profiles/gpu/kernels/expert_mapping.hpp"

// A stable counting sort in three kernels: how often each expert occurs in each chunk of choices,
// where the rows of each expert and chunk begin, and the rows themselves.

namespace fleetwright::gpu {
namespace {

constexpr int threads = 256;
constexpr int warps = threads / warp_size;
constexpr int chunk = 4 * threads;  // choices of a block
constexpr int choices_of_warp = chunk / warps;
constexpr int most_experts = 512;
constexpr int bits_of_id = 9;
constexpr int most_choices = 1 << 30;  // the index of a chunk's last fits an int

__device__ inline bool is_served(int id, int experts) { return id >= 0 && id < experts; }

/// occurrences[expert, chunk].
__global__ void count_kernel(const std::int32_t* ids, int choices, int experts,
                             std::int32_t* occurrences) {
  __shared__ std::int32_t count[most_experts];
  const int thread = static_cast<int>(threadIdx.x);
  const int begin = static_cast<int>(blockIdx.x) * chunk;
  for (int e = thread; e < experts; e += threads) count[e] = 0;
  __syncthreads();
  for (int i = 0; i < chunk; i += threads) {
    if (begin + i + thread >= choices) continue;
    const int id = ids[begin + i + thread];
    if (is_served(id, experts)) atomicAdd(&count[id], 1);
  }
  __syncthreads();
  for (int e = thread; e < experts; e += threads) {
    occurrences[static_cast<std::size_t>(e) * gridDim.x + blockIdx.x] = count[e];
  }
}

// A warp for each expert turns its occurrences into first rows, in place.
__global__ void scan_kernel(const std::int32_t* counts, int chunks, std::int32_t* occurrences) {
  const int lane = static_cast<int>(threadIdx.x), expert = static_cast<int>(blockIdx.x);
  std::int32_t before = 0;
  for (int e = lane; e < expert; e += warp_size) before += counts[e];
  for (int lanes = warp_size / 2; lanes > 0; lanes /= 2) {
    before += __shfl_xor_sync(all_lanes, before, lanes);
  }
  std::int32_t* mine =
      occurrences + static_cast<std::size_t>(expert) * static_cast<unsigned>(chunks);
  for (int begin = 0; begin < chunks; begin += warp_size) {
    const int c = begin + lane;
    const std::int32_t here = c < chunks ? mine[c] : 0;
    std::int32_t sum = here;
    for (int by = 1; by < warp_size; by *= 2) {
      const std::int32_t left = __shfl_up_sync(all_lanes, sum, static_cast<unsigned>(by));
      if (lane >= by) sum += left;
    }
    if (c < chunks) mine[c] = before + sum - here;
    before += __shfl_sync(all_lanes, sum, warp_size - 1);
  }
}

// The lanes whose id is the caller's.
__device__ inline unsigned lanes_of_same_id(int id) {
  unsigned same = all_lanes;
  for (int bit = 0; bit < bits_of_id; ++bit) {
    const bool set = ((id >> bit) & 1) != 0;
    const unsigned with = __ballot_sync(all_lanes, set);
    same &= set ? with : ~with;
  }
  return same;
}

__global__ void place_kernel(const std::int32_t* ids, int choices, int slots, int experts,
                             const std::int32_t* first_rows, std::int32_t* sources,
                             std::int32_t* rows_of) {
  // How often each expert occurs among a warp's choices; then its next row.
  __shared__ std::int32_t next[warps][most_experts];
  const int thread = static_cast<int>(threadIdx.x);
  const int lane = thread % warp_size, warp = thread / warp_size;
  const int begin = static_cast<int>(blockIdx.x) * chunk + warp * choices_of_warp;

  for (int e = lane; e < experts; e += warp_size) next[warp][e] = 0;
  __syncwarp();
  int id[choices_of_warp / warp_size];
  for (int r = 0; r < choices_of_warp / warp_size; ++r) {
    const int choice = begin + r * warp_size + lane;
    id[r] = choice < choices ? ids[choice] : -1;
    if (is_served(id[r], experts)) atomicAdd(&next[warp][id[r]], 1);
  }
  __syncthreads();
  for (int e = thread; e < experts; e += threads) {
    std::int32_t row = first_rows[static_cast<std::size_t>(e) * gridDim.x + blockIdx.x];
    for (int w = 0; w < warps; ++w) {
      const std::int32_t of_warp = next[w][e];
      next[w][e] = row;
      row += of_warp;
    }
  }
  __syncthreads();
  for (int r = 0; r < choices_of_warp / warp_size; ++r) {
    const int choice = begin + r * warp_size + lane;
    const bool served = is_served(id[r], experts);
    const unsigned same = lanes_of_same_id(served ? id[r] : 0) & __ballot_sync(all_lanes, served);
    const int rank = __popc(same & ((1U << lane) - 1U));
    const std::int32_t row = served ? next[warp][id[r]] + rank : -1;
    __syncwarp();  // all have read before one moves on
    if (served && rank == 0) next[warp][id[r]] += __popc(same);
    __syncwarp();
    if (choice < choices) rows_of[choice] = row;
    if (served) sources[row] = choice / slots;
  }
}

unsigned chunks_of(const ExpertChoices& s) {
  return blocks_for(static_cast<std::size_t>(s.tokens) * static_cast<std::size_t>(s.slots), chunk);
}

}  // namespace

std::size_t expert_mapping_scratch(const ExpertChoices& shape) {
  return static_cast<std::size_t>(shape.experts) * chunks_of(shape);
}

void expert_mapping(const std::int32_t* ids, const std::int32_t* counts, const ExpertChoices& shape,
                    std::int32_t* sources, std::int32_t* rows_of, std::int32_t* scratch,
                    Stream stream) {
  const auto [tokens, slots, experts] = shape;
  if (tokens <= 0 || slots <= 0 || std::int64_t{tokens} * slots > most_choices) {
    throw Error("the expert mapping takes from 1 to 2^30 choices");
  }
  if (experts <= 0 || experts > most_experts) {
    throw Error("the expert mapping takes from 1 to 512 experts");
  }
  const unsigned chunks = chunks_of(shape);
  const int choices = tokens * slots;
  launch(count_kernel, chunks, threads, stream, ids, choices, experts, scratch);
  launch(scan_kernel, static_cast<unsigned>(experts), warp_size, stream, counts, chunks, scratch);
  launch(place_kernel, chunks, threads, stream, ids, choices, slots, experts, scratch, sources,
         rows_of);
}

}  // namespace fleetwright::gpu
