#include "models/core/error.hpp"
#include "profiles/gpu/kernels/packs.cuh"
#include "profiles/gpu/kernels/row_teams.cuh"
#include "profiles/gpu/kernels/streaming.hpp"

namespace fleetwright::gpu {
namespace {

constexpr int threads = 256;

// 64 bytes in flight a thread, 128 KiB a multiprocessor: some three times what latency and
// bandwidth of an H100 ask for (3.35 TB/s times 0.7 us over 132 multiprocessors is 18 KiB), so that
// waves of blocks may come and go. Blocks take neighbouring tiles in the order in which they start,
// which memory likes better than strides of the whole grid.
constexpr int copied = 4;

__global__ void __launch_bounds__(threads)
    copy_kernel(const bf16* from, bf16* to, std::size_t packs) {
  const std::size_t first = static_cast<std::size_t>(blockIdx.x) * (threads * copied) + threadIdx.x;
  Bits held[copied];
  for (int k = 0; k < copied; ++k) {
    const std::size_t pack = first + static_cast<std::size_t>(k) * threads;
    if (pack < packs) held[k] = load_once(from + pack * 8);
  }
  for (int k = 0; k < copied; ++k) {
    const std::size_t pack = first + static_cast<std::size_t>(k) * threads;
    if (pack < packs) store_once(to + pack * 8, held[k]);
  }
}

constexpr int added = 2;

__global__ void __launch_bounds__(threads)
    residual_add_kernel(const bf16* a, const bf16* b, bf16* sum, std::size_t packs) {
  const std::size_t first = static_cast<std::size_t>(blockIdx.x) * (threads * added) + threadIdx.x;
  Bits held_a[added], held_b[added];
  for (int k = 0; k < added; ++k) {
    const std::size_t pack = first + static_cast<std::size_t>(k) * threads;
    if (pack >= packs) continue;
    held_a[k] = load_once(a + pack * 8);
    held_b[k] = load_once(b + pack * 8);
  }
  for (int k = 0; k < added; ++k) {
    const std::size_t pack = first + static_cast<std::size_t>(k) * threads;
    if (pack >= packs) continue;
    Eight wide = widen(held_a[k]);
    const Eight other = widen(held_b[k]);
    for (int i = 0; i < 8; ++i) wide.at[i] += other.at[i];
    store(sum + pack * 8, narrow(wide));
  }
}

constexpr int key_packs = shared_key_width / 8;

// A team is a multiple of the key's packs, so a thread reads one pack and writes it over and over.
__global__ void __launch_bounds__(threads)
    broadcast_key_kernel(const bf16* key, bf16* keys, std::size_t rows, int heads, int team_size) {
  const RowPlace place = row_place(team_size);
  const std::size_t row = static_cast<std::size_t>(blockIdx.x) * place.teams + place.team;
  if (place.team >= place.teams || row >= rows) return;
  const Bits pack = load_once(key + (row * key_packs + place.member % key_packs) * 8);
  const int packs = heads * key_packs;
  bf16* const to = keys + row * packs * 8;
  for (int p = place.member; p < packs; p += team_size) store(to + p * 8, pack);
}

std::size_t packs_of(std::size_t size, const char* error) {
  if (size % 8 != 0) throw Error(error);
  return size / 8;
}

}  // namespace

void copy(const bf16* from, bf16* to, std::size_t size, Stream stream) {
  const std::size_t packs = packs_of(size, "copy: the size must be a multiple of 8");
  if (packs == 0) return;
  launch(copy_kernel, blocks_for(packs, threads * copied), threads, stream, from, to, packs);
}

void residual_add(const bf16* a, const bf16* b, bf16* sum, std::size_t size, Stream stream) {
  const std::size_t packs = packs_of(size, "residual_add: the size must be a multiple of 8");
  if (packs == 0) return;
  launch(residual_add_kernel, blocks_for(packs, threads * added), threads, stream, a, b, sum,
         packs);
}

void broadcast_key(const bf16* key, bf16* keys, std::size_t rows, int heads, Stream stream) {
  if (rows == 0 || heads == 0) return;
  const int team = heads * key_packs < threads ? heads * key_packs : threads;
  launch(broadcast_key_kernel, blocks_for(rows, static_cast<std::size_t>(threads / team)), threads,
         stream, key, keys, rows, heads, team);
}

}  // namespace fleetwright::gpu
