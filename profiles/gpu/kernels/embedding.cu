#include "models/core/error.hpp"
#include "profiles/gpu/kernels/embedding.hpp"
#include "profiles/gpu/kernels/packs.cuh"

namespace fleetwright::gpu {
namespace {

// Blocks of a row lie side by side in the grid, so that a row is read from memory in one go.
struct Piece {
  std::size_t token;
  int begin;  // the first column of the calling block
};
__device__ inline Piece piece_of_block(int pieces, int columns) {
  const auto count = static_cast<unsigned>(pieces);
  return {blockIdx.x / count, static_cast<int>(blockIdx.x % count) * columns};
}

constexpr int gather_threads = 128;
constexpr int gathered = 4;
constexpr int gather_columns = gather_threads * gathered * 8;

__global__ void __launch_bounds__(gather_threads)
    embedding_gather_kernel(EmbeddingForward call, int pieces) {
  const Piece piece = piece_of_block(pieces, gather_columns);
  const int id = call.ids[piece.token];
  const bool known = id >= 0 && id < call.vocabulary;
  const auto hidden = static_cast<std::size_t>(call.hidden);
  const auto column = [&](int k) {
    return piece.begin + (static_cast<int>(threadIdx.x) + k * gather_threads) * 8;
  };
  Bits held[gathered] = {};
  for (int k = 0; k < gathered; ++k) {
    if (known && column(k) < call.hidden) {
      held[k] = load_once(call.table + static_cast<std::size_t>(id) * hidden + column(k));
    }
  }
  for (int k = 0; k < gathered; ++k) {
    if (column(k) < call.hidden) store(call.y + piece.token * hidden + column(k), held[k]);
  }
}

constexpr int mark_threads = 256;

// Where each id is used first and last, both as largest numbers since 0 means nowhere:
// tokens - first and last + 1. Largest numbers do not depend on the order of the atomics.
__global__ void __launch_bounds__(mark_threads) embedding_mark_kernel(EmbeddingBackward call) {
  const std::size_t token = static_cast<std::size_t>(blockIdx.x) * mark_threads + threadIdx.x;
  if (token >= call.tokens) return;
  const int id = call.ids[token];
  if (id < 0 || id >= call.vocabulary) return;
  atomicMax(call.uses + id, static_cast<std::int32_t>(call.tokens - token));
  atomicMax(call.uses + call.vocabulary + id, static_cast<std::int32_t>(token + 1));
}

constexpr int scatter_threads = 128;
constexpr int scattered = 2;
constexpr int scatter_columns = scatter_threads * scattered * 4;

/// Four BF16 numbers: a warp then reads and writes whole lines of the FP32 table.
struct alignas(8) Quad {
  bf16 at[4];
};

struct Sums {
  Pack<float> at[scattered];
};

// The first use of an id adds up all of them, its block the columns of one piece.
__global__ void __launch_bounds__(scatter_threads)
    embedding_scatter_kernel(EmbeddingBackward call, int pieces) {
  const Piece piece = piece_of_block(pieces, scatter_columns);
  const auto token = static_cast<int>(piece.token);
  const int id = call.ids[token];
  if (id < 0 || id >= call.vocabulary) return;
  if (static_cast<int>(call.tokens) - call.uses[id] != token) return;
  const int last = call.uses[call.vocabulary + id] - 1;
  const auto hidden = static_cast<std::size_t>(call.hidden);
  const auto column = [&](int k) {
    return piece.begin + (static_cast<int>(threadIdx.x) + k * scatter_threads) * 4;
  };
  float* const row = call.table_gradient + static_cast<std::size_t>(id) * hidden;

  Sums sums = {};
  for (int k = 0; k < scattered; ++k) {
    if (column(k) < call.hidden) sums.at[k] = load_pack(row + column(k));
  }
  const auto add = [&](int use) {
    const bf16* const from = call.y_gradient + static_cast<std::size_t>(use) * hidden;
    for (int k = 0; k < scattered; ++k) {
      if (column(k) >= call.hidden) continue;
      const Quad quad = *reinterpret_cast<const Quad*>(from + column(k));
      for (int i = 0; i < 4; ++i) sums.at[k].at[i] += to_float(quad.at[i]);
    }
  };
  add(token);
  for (int next = token + 1; next <= last; next += warp_size) {
    const int mine = next + static_cast<int>(threadIdx.x) % warp_size;
    unsigned uses = __ballot_sync(all_lanes, mine <= last && call.ids[mine] == id);
    for (; uses != 0; uses &= uses - 1) add(next + __ffs(static_cast<int>(uses)) - 1);
  }
  for (int k = 0; k < scattered; ++k) {
    if (column(k) < call.hidden) store(row + column(k), sums.at[k]);
  }
}

int pieces_of(int hidden, int columns) {
  if (hidden <= 0 || hidden % 8 != 0) throw Error("embedding: hidden must be a multiple of 8");
  return (hidden + columns - 1) / columns;
}

}  // namespace

void embedding_forward(const EmbeddingForward& call, Stream stream) {
  const int pieces = pieces_of(call.hidden, gather_columns);
  if (call.tokens == 0) return;
  launch(embedding_gather_kernel,
         static_cast<unsigned>(call.tokens) * static_cast<unsigned>(pieces), gather_threads, stream,
         call, pieces);
}

void embedding_backward(const EmbeddingBackward& call, Stream stream) {
  const int pieces = pieces_of(call.hidden, scatter_columns);
  if (call.tokens == 0) return;
  device_fill(call.uses, 0, 2 * static_cast<std::size_t>(call.vocabulary) * sizeof(std::int32_t),
              stream);
  launch(embedding_mark_kernel, blocks_for(call.tokens, mark_threads), mark_threads, stream, call);
  launch(embedding_scatter_kernel,
         static_cast<unsigned>(call.tokens) * static_cast<unsigned>(pieces), scatter_threads,
         stream, call, pieces);
}

}  // namespace fleetwright::gpu
