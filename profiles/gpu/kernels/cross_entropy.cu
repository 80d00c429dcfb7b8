#include "models/core/error.hpp"
#include "profiles/gpu/kernels/cross_entropy.hpp"
#include "profiles/gpu/kernels/packs.cuh"

// A block takes a token. Exponentials are those of 2, which the hardware has: log2(e) = 1.4427 and
// its inverse stand at both ends.

namespace fleetwright::gpu {
namespace {

constexpr int threads = 256;
constexpr int blocks_of_sm = 5;
constexpr int packs_at_once = 4;  // loads of a thread in flight
constexpr int size = 8;           // logits of a pack
constexpr float log2_e = 1.44269504F;
constexpr float ln_2 = 0.693147181F;
/// Below all logits but finite, so that the difference of two maxima is a number.
constexpr float lowest = -1e38F;

__device__ inline std::size_t row_start(int row, int columns) {
  return static_cast<std::size_t>(row) * static_cast<unsigned>(columns);
}

/// sum = sum of 2^(log2_e x - maximum) over the logits seen.
struct RunningSum {
  float maximum = lowest;
  float sum = 0;

  __device__ void add(const Bits (&packs)[packs_at_once]) {
    float largest = lowest;
    for (const Bits& pack : packs) {
      const Eight logits = widen(pack);
      for (const float x : logits.at) largest = fmaxf(largest, x);
    }
    const float next = fmaxf(maximum, largest * log2_e);
    sum *= exp2f(maximum - next);
    maximum = next;
    for (const Bits& pack : packs) {
      const Eight logits = widen(pack);
      for (const float x : logits.at) sum += exp2f(fmaf(x, log2_e, -next));
    }
  }
};

__global__ void __launch_bounds__(threads, blocks_of_sm)
    forward_kernel(const bf16* logits, const std::int32_t* targets, int vocabulary, float* losses,
                   float* log_sums) {
  const int token = static_cast<int>(blockIdx.x);
  const bf16* row = logits + row_start(token, vocabulary);
  const int packs = vocabulary / size;
  constexpr std::uint32_t two_infinities = 0xff80ff80U;  // both negative
  const Bits nothing = {two_infinities, two_infinities, two_infinities, two_infinities};

  RunningSum running;
  for (int p = static_cast<int>(threadIdx.x); p < packs; p += threads * packs_at_once) {
    Bits at_once[packs_at_once];
    for (int i = 0; i < packs_at_once; ++i) {
      const int at = p + i * threads;
      at_once[i] = at < packs ? load_once(row + at * size) : nothing;
    }
    running.add(at_once);
  }
  const float maximum = block_max<threads>(running.maximum);
  const float sum = block_sum<threads>(running.sum * exp2f(running.maximum - maximum));
  if (threadIdx.x != 0) return;
  const float log_sum = (maximum + log2f(sum)) * ln_2;
  const std::int32_t target = targets[token];
  losses[token] = target < 0 ? 0.0F : log_sum - to_float(row[target]);
  log_sums[token] = log_sum;
}

__global__ void __launch_bounds__(threads, blocks_of_sm)
    backward_kernel(const bf16* logits, const std::int32_t* targets, const float* log_sums,
                    const float* loss_gradients, int vocabulary, bf16* gradients) {
  const int token = static_cast<int>(blockIdx.x);
  const bf16* row = logits + row_start(token, vocabulary);
  bf16* to = gradients + row_start(token, vocabulary);
  const int packs = vocabulary / size;
  const std::int32_t target = targets[token];
  const float scale = target < 0 ? 0.0F : loss_gradients[token];
  const float log_sum = log_sums[token] * log2_e;

  for (int p = static_cast<int>(threadIdx.x); p < packs; p += threads * packs_at_once) {
    Bits at_once[packs_at_once] = {};
    for (int i = 0; i < packs_at_once; ++i) {
      const int at = p + i * threads;
      if (at < packs) at_once[i] = load_once(row + at * size);
    }
    for (int i = 0; i < packs_at_once; ++i) {
      const int at = p + i * threads;
      if (at >= packs) continue;
      Eight values = widen(at_once[i]);
      for (float& x : values.at) x = exp2f(fmaf(x, log2_e, -log_sum)) * scale;
      if (target >= 0 && at == target / size) {
        for (int j = 0; j < size; ++j) {
          if (j == target % size) values.at[j] -= scale;
        }
      }
      store_once(to + at * size, narrow(values));
    }
  }
}

void require_shape(const LogitShape& shape) {
  if (shape.tokens <= 0 || shape.vocabulary <= 0 || shape.vocabulary % size != 0) {
    throw Error("cross-entropy needs tokens and a vocabulary of a multiple of 8");
  }
}

}  // namespace

void cross_entropy_forward(const bf16* logits, const std::int32_t* targets, const LogitShape& shape,
                           float* losses, float* log_sums, Stream stream) {
  require_shape(shape);
  launch(forward_kernel, static_cast<unsigned>(shape.tokens), threads, stream, logits, targets,
         shape.vocabulary, losses, log_sums);
}

void cross_entropy_backward(const bf16* logits, const std::int32_t* targets, const float* log_sums,
                            const float* loss_gradients, const LogitShape& shape, bf16* gradients,
                            Stream stream) {
  require_shape(shape);
  launch(backward_kernel, static_cast<unsigned>(shape.tokens), threads, stream, logits, targets,
         log_sums, loss_gradients, shape.vocabulary, gradients);
}

}  // namespace fleetwright::gpu
