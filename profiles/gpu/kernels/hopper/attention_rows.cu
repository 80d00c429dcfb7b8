// Before and after the gradients of attention: what is one number of a row of a head, and the
// gradient of the queries from its sums.

#include "profiles/gpu/kernels/device.cuh"
#include "profiles/gpu/kernels/hopper/attention_backward.hpp"
#include "profiles/gpu/kernels/hopper/attention_backward_tile.hpp"

namespace fleetwright::gpu::hopper {
namespace {

using Back = AttentionBackwardTile;
constexpr int row_threads = 256;

__device__ std::size_t row_of_warp() {
  return static_cast<std::size_t>(blockIdx.x) * (row_threads / warp_size) + threadIdx.x / warp_size;
}

__global__ void __launch_bounds__(row_threads)
    attention_means_kernel(AttentionProblem p, AttentionGradientOperands x, std::size_t rows) {
  const std::size_t row = row_of_warp();
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  if (row >= rows) return;
  float sum = 0;
  if (lane < Back::d_v / Pack<bf16>::size) {
    const std::size_t at = row * Back::d_v + static_cast<std::size_t>(lane) * Pack<bf16>::size;
    const Pack<bf16> o = load_pack(x.o + at), d_o = load_pack(x.d_o + at);
    for (int i = 0; i < Pack<bf16>::size; ++i) sum += to_float(o.at[i]) * to_float(d_o.at[i]);
  }
  sum = warp_sum(sum);
  // Rows are [batch, tokens, heads], means [batch, heads, tokens].
  const auto heads = static_cast<std::size_t>(p.heads), tokens = static_cast<std::size_t>(p.tokens);
  const std::size_t head = row % heads, token = row / heads % tokens, batch = row / heads / tokens;
  if (lane == 0) x.mean[(batch * heads + head) * tokens + token] = sum;
  float* const d_q = x.d_q_sum + row * Back::d_qk;
  for (int i = lane * 4; i < Back::d_qk; i += warp_size * 4) store_pack(d_q + i, Pack<float>{});
}

__global__ void __launch_bounds__(row_threads)
    attention_finish_kernel(float scale, const float* __restrict__ sums, bf16* __restrict__ d_q,
                            std::size_t packs) {
  const std::size_t pack = static_cast<std::size_t>(blockIdx.x) * row_threads + threadIdx.x;
  if (pack >= packs) return;
  const float* const from = sums + pack * Pack<bf16>::size;
  Pack<bf16> to;
  for (int half = 0; half < 2; ++half) {
    const Pack<float> x = load_pack(from + half * Pack<float>::size);
    for (int i = 0; i < Pack<float>::size; ++i) {
      to.at[half * Pack<float>::size + i] = to_bf16(scale * x.at[i]);
    }
  }
  store_pack(d_q + pack * Pack<bf16>::size, to);
}

std::size_t rows_of(const AttentionProblem& p) {
  return static_cast<std::size_t>(p.batch) * static_cast<std::size_t>(p.tokens) *
         static_cast<std::size_t>(p.heads);
}

}  // namespace

void launch_attention_means(const AttentionProblem& p, const AttentionGradientOperands& x,
                            Stream stream) {
  const std::size_t rows = rows_of(p);
  launch(attention_means_kernel, dim3(blocks_for(rows, row_threads / warp_size)), dim3(row_threads),
         stream, p, x, rows);
}

void launch_attention_finish(const AttentionProblem& p, const AttentionGradientOperands& x,
                             Stream stream) {
  const std::size_t packs = rows_of(p) * Back::d_qk / Pack<bf16>::size;
  launch(attention_finish_kernel, dim3(blocks_for(packs, row_threads)), dim3(row_threads), stream,
         p.scale, x.d_q_sum, x.d_q, packs);
}

}  // namespace fleetwright::gpu::hopper
