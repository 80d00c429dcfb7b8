#include <cmath>

#include "models/core/error.hpp"
#include "profiles/gpu/kernels/adamw.hpp"
#include "profiles/gpu/kernels/device.cuh"

namespace fleetwright::gpu {
namespace {

constexpr int threads = 256;
constexpr int quads_of_thread = 2;
constexpr std::size_t of_block = std::size_t{threads} * 4 * quads_of_thread;

/// Four neighbours, in one load of 16 bytes or of 8: a warp's loads are contiguous for both.
template <typename T>
struct alignas(4 * sizeof(T)) Quad {
  T at[4];
};

template <typename T>
__device__ inline Quad<T> load_quad(const T* from) {
  return *reinterpret_cast<const Quad<T>*>(from);
}
template <typename T>
__device__ inline void store_quad(T* to, const Quad<T>& quad) {
  *reinterpret_cast<Quad<T>*>(to) = quad;
}

/// What the step is for every parameter.
struct Factors {
  float rate, beta1, beta2, one_less_beta1, one_less_beta2, epsilon, decay, gradient_scale;
  float correction1, correction2;  // 1 / (1 - beta^step)
};

__device__ inline void store(float& to, float x) { to = x; }
__device__ inline void store(bf16& to, float x) { to = to_bf16(x); }

template <typename Moment>
__device__ inline void update(const Factors& f, float gradient, float& master, Moment& first,
                              Moment& second, bf16& weight) {
  const float g = f.gradient_scale * gradient;
  const float m = f.beta1 * to_float(first) + f.one_less_beta1 * g;
  const float v = f.beta2 * to_float(second) + f.one_less_beta2 * g * g;
  const float step = m * f.correction1 / (sqrtf(v * f.correction2) + f.epsilon);
  master -= f.rate * (step + f.decay * master);
  store(first, m);
  store(second, v);
  store(weight, master);
}

template <typename Moment>
__global__ void __launch_bounds__(threads)
    adamw_kernel(Factors factors, const float* gradients, float* masters, Moment* first,
                 Moment* second, bf16* weights, std::size_t size) {
  const std::size_t begin = blockIdx.x * of_block + threadIdx.x * 4;
  if (begin + (quads_of_thread - 1) * threads * 4 + 4 <= size) {
    Quad<float> g[quads_of_thread], master[quads_of_thread];
    Quad<Moment> m[quads_of_thread], v[quads_of_thread];
    for (int q = 0; q < quads_of_thread; ++q) {
      const std::size_t at = begin + static_cast<unsigned>(q * threads * 4);
      g[q] = load_quad(gradients + at);
      master[q] = load_quad(masters + at);
      m[q] = load_quad(first + at);
      v[q] = load_quad(second + at);
    }
    for (int q = 0; q < quads_of_thread; ++q) {
      const std::size_t at = begin + static_cast<unsigned>(q * threads * 4);
      Quad<bf16> weight;
      for (int j = 0; j < 4; ++j) {
        update(factors, g[q].at[j], master[q].at[j], m[q].at[j], v[q].at[j], weight.at[j]);
      }
      store_quad(masters + at, master[q]);
      store_quad(first + at, m[q]);
      store_quad(second + at, v[q]);
      store_quad(weights + at, weight);
    }
    return;
  }
  // The last block's end.
  for (int q = 0; q < quads_of_thread; ++q) {
    for (int j = 0; j < 4; ++j) {
      const std::size_t at = begin + static_cast<unsigned>(q * threads * 4 + j);
      if (at >= size) continue;
      update(factors, gradients[at], masters[at], first[at], second[at], weights[at]);
    }
  }
}

Factors factors_of(const AdamW& a) {
  if (a.step < 1) throw Error("the steps of AdamW count from 1");
  const auto narrow = [](double x) { return static_cast<float>(x); };
  return {narrow(a.rate),
          narrow(a.beta1),
          narrow(a.beta2),
          narrow(1 - a.beta1),
          narrow(1 - a.beta2),
          narrow(a.epsilon),
          narrow(a.decay),
          narrow(a.gradient_scale),
          narrow(1 / (1 - std::pow(a.beta1, a.step))),
          narrow(1 / (1 - std::pow(a.beta2, a.step)))};
}

template <typename Moment>
void launch_step(const AdamW& settings, const float* gradients, float* masters, Moment* first,
                 Moment* second, bf16* weights, std::size_t size, Stream stream) {
  const Factors factors = factors_of(settings);
  if (size == 0) return;
  launch(adamw_kernel<Moment>, blocks_for(size, of_block), threads, stream, factors, gradients,
         masters, first, second, weights, size);
}

}  // namespace

void adamw(const AdamW& settings, const float* gradients, float* masters, bf16* first, bf16* second,
           bf16* weights, std::size_t size, Stream stream) {
  launch_step(settings, gradients, masters, first, second, weights, size, stream);
}

void adamw(const AdamW& settings, const float* gradients, float* masters, float* first,
           float* second, bf16* weights, std::size_t size, Stream stream) {
  launch_step(settings, gradients, masters, first, second, weights, size, stream);
}

}  // namespace fleetwright::gpu
