#include "models/core/error.hpp"
#include "profiles/gpu/kernels/packs.cuh"
#include "profiles/gpu/kernels/rope.hpp"

namespace fleetwright::gpu {
namespace {

constexpr int threads = 128;
constexpr int unrolled = 4;

__device__ inline Eight load_eight(const float* from) {
  const Pack<float> low = load_pack(from), high = load_pack(from + 4);
  Eight eight;
  for (int i = 0; i < 4; ++i) {
    eight.at[i] = low.at[i];
    eight.at[i + 4] = high.at[i];
  }
  return eight;
}

// A team of threads turns the heads of a token. A thread has the same eight pairs of one head after
// another, so it reads their angles once, and every number is read before the thread that read it
// writes it, so that y may be x.
template <int Width>
__global__ void __launch_bounds__(threads) rope_kernel(Rope call, int team_size) {
  constexpr int packs_of_half = Width / 16;
  const int thread = static_cast<int>(threadIdx.x);
  const int member = thread % team_size;
  const std::size_t token =
      static_cast<std::size_t>(blockIdx.x) * (threads / team_size) + thread / team_size;
  if (token >= call.tokens) return;
  const int place = member % packs_of_half * 8;
  const std::size_t angles = token * (Width / 2) + place;
  const Eight cosine = load_eight(call.cosine + angles);
  Eight sine = load_eight(call.sine + angles);
  if (call.backward) {
    for (int i = 0; i < 8; ++i) sine.at[i] = -sine.at[i];
  }

  const int step = team_size / packs_of_half;  // heads at a time
  const std::size_t begin = token * call.heads * Width + place;
  for (int head = member / packs_of_half; head < call.heads; head += unrolled * step) {
    Bits low[unrolled] = {}, high[unrolled] = {};
    for (int k = 0; k < unrolled; ++k) {
      if (head + k * step >= call.heads) continue;
      const bf16* const from = call.x + begin + (head + k * step) * Width;
      low[k] = load_once(from);
      high[k] = load_once(from + Width / 2);
    }
    for (int k = 0; k < unrolled; ++k) {
      if (head + k * step >= call.heads) continue;
      const Eight a = widen(low[k]), b = widen(high[k]);
      Eight turned_a, turned_b;
      for (int i = 0; i < 8; ++i) {
        turned_a.at[i] = a.at[i] * cosine.at[i] - b.at[i] * sine.at[i];
        turned_b.at[i] = b.at[i] * cosine.at[i] + a.at[i] * sine.at[i];
      }
      bf16* const to = call.y + begin + (head + k * step) * Width;
      store(to, narrow(turned_a));
      store(to + Width / 2, narrow(turned_b));
    }
  }
}

template <int Width>
void start_rope(const Rope& call, Stream stream) {
  const int pairs = call.heads * (Width / 16);
  int team = Width / 16;
  while (team < pairs && team < threads) team *= 2;
  launch(rope_kernel<Width>, blocks_for(call.tokens, static_cast<std::size_t>(threads / team)),
         threads, stream, call, team);
}

}  // namespace

void rope(const Rope& call, Stream stream) {
  if (call.tokens == 0 || call.heads == 0) return;
  if (call.head_width == 64) {
    start_rope<64>(call, stream);
  } else if (call.head_width == 128) {
    start_rope<128>(call, stream);
  } else {
    throw Error("rope: heads must be 64 or 128 wide");
  }
}

}  // namespace fleetwright::gpu
