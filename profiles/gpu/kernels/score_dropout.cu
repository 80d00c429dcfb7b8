#include "models/core/error.hpp"
#include "profiles/gpu/kernels/packs.cuh"
#include "profiles/gpu/kernels/score_softmax.hpp"

namespace fleetwright::gpu {
namespace {

constexpr int threads = 256;
constexpr int unrolled = 2;  // packs of a thread

struct alignas(8) KeptBytes {
  std::uint8_t at[8];
};

struct Words {
  std::uint32_t at[4];
};

// Constants and rounds as in Salmon et al. 2011, section 4.
__device__ inline Words philox(std::uint64_t counter, std::uint64_t seed) {
  Words c = {
      {static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32), 0, 0}};
  auto low_key = static_cast<std::uint32_t>(seed);
  auto high_key = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t first = std::uint64_t{0xd2511f53} * c.at[0];
    const std::uint64_t second = std::uint64_t{0xcd9e8d57} * c.at[2];
    c = {{static_cast<std::uint32_t>(second >> 32) ^ c.at[1] ^ low_key,
          static_cast<std::uint32_t>(second),
          static_cast<std::uint32_t>(first >> 32) ^ c.at[3] ^ high_key,
          static_cast<std::uint32_t>(first)}};
    low_key += 0x9e3779b9;
    high_key += 0xbb67ae85;
  }
  return c;
}

__global__ void __launch_bounds__(threads)
    dropout_kernel(const bf16* x, bf16* y, std::uint8_t* kept, std::size_t packs,
                   std::uint32_t dropped_below, float scale, std::uint64_t seed) {
  const std::size_t first =
      static_cast<std::size_t>(blockIdx.x) * (threads * unrolled) + threadIdx.x;
  Bits held[unrolled];
  for (int k = 0; k < unrolled; ++k) {
    const std::size_t pack = first + static_cast<std::size_t>(k) * threads;
    if (pack < packs) held[k] = load_once(x + pack * 8);
  }
  for (int k = 0; k < unrolled; ++k) {
    const std::size_t pack = first + static_cast<std::size_t>(k) * threads;
    if (pack >= packs) continue;
    Eight wide = widen(held[k]);
    KeptBytes bytes;
    for (int half = 0; half < 2; ++half) {
      const Words random = philox(2 * pack + static_cast<unsigned>(half), seed);
      for (int i = 0; i < 4; ++i) {
        const bool keep = random.at[i] >= dropped_below;
        wide.at[4 * half + i] *= keep ? scale : 0.0F;
        bytes.at[4 * half + i] = keep ? 1 : 0;
      }
    }
    store(y + pack * 8, narrow(wide));
    *reinterpret_cast<KeptBytes*>(kept + pack * 8) = bytes;
  }
}

__global__ void __launch_bounds__(threads)
    dropout_backward_kernel(const bf16* y_gradient, const std::uint8_t* kept, bf16* x_gradient,
                            std::size_t packs, float scale) {
  const std::size_t first =
      static_cast<std::size_t>(blockIdx.x) * (threads * unrolled) + threadIdx.x;
  Bits held[unrolled];
  KeptBytes bytes[unrolled];
  for (int k = 0; k < unrolled; ++k) {
    const std::size_t pack = first + static_cast<std::size_t>(k) * threads;
    if (pack >= packs) continue;
    held[k] = load_once(y_gradient + pack * 8);
    bytes[k] = *reinterpret_cast<const KeptBytes*>(kept + pack * 8);
  }
  for (int k = 0; k < unrolled; ++k) {
    const std::size_t pack = first + static_cast<std::size_t>(k) * threads;
    if (pack >= packs) continue;
    Eight wide = widen(held[k]);
    for (int i = 0; i < 8; ++i) wide.at[i] *= bytes[k].at[i] != 0 ? scale : 0.0F;
    store(x_gradient + pack * 8, narrow(wide));
  }
}

std::size_t packs_of(std::size_t size, double rate) {
  if (size % 8 != 0) throw Error("dropout: the size must be a multiple of 8");
  if (!(rate >= 0 && rate < 1)) throw Error("dropout: the rate must be at least 0 and below 1");
  return size / 8;
}

float scale_of(double rate) { return static_cast<float>(1 / (1 - rate)); }

}  // namespace

void dropout(const bf16* x, bf16* y, std::uint8_t* kept, std::size_t size, double rate,
             std::uint64_t seed, Stream stream) {
  const std::size_t packs = packs_of(size, rate);
  if (packs == 0) return;
  launch(dropout_kernel, blocks_for(packs, threads * unrolled), threads, stream, x, y, kept, packs,
         static_cast<std::uint32_t>(rate * 0x1p32), scale_of(rate), seed);
}

void dropout_backward(const bf16* y_gradient, const std::uint8_t* kept, bf16* x_gradient,
                      std::size_t size, double rate, Stream stream) {
  const std::size_t packs = packs_of(size, rate);
  if (packs == 0) return;
  launch(dropout_backward_kernel, blocks_for(packs, threads * unrolled), threads, stream,
         y_gradient, kept, x_gradient, packs, scale_of(rate));
}

}  // namespace fleetwright::gpu
