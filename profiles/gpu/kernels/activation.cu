#include "profiles/gpu/kernels/activation.hpp"
#include "profiles/gpu/kernels/row_tile.cuh"

namespace fleetwright::gpu {
namespace {

// Where exp(-x) overflows the quotient is 0, as it should be.
__device__ inline float sigmoid(float x) { return __fdividef(1.0F, 1.0F + __expf(-x)); }

// (1 + tanh(u)) / 2 is sigmoid(2u), so that GELU by tanh, of u = sqrt(2/pi) (x + 0.044715 x^3), is
// x times a sigmoid as SiLU is, of x (linear + cubic x^2).
constexpr float gelu_linear = 1.5957691216F;
constexpr float gelu_cubic = 0.044715F * gelu_linear;

/// The activation of one number and its derivatives by both inputs (by one for GELU).
struct Value {
  float y;
  float by_gate;
  float by_up;
};

template <Activation Kind>
__device__ inline float value_at(float gate, float up) {
  if (Kind == Activation::swiglu) return gate * sigmoid(gate) * up;
  return gate * sigmoid(gate * (gelu_linear + gelu_cubic * gate * gate));
}

template <Activation Kind>
__device__ inline Value differentiate(float gate, float up) {
  if (Kind == Activation::swiglu) {
    const float s = sigmoid(gate), silu = gate * s;
    return {silu * up, up * (s + silu * (1.0F - s)), silu};
  }
  const float square = gate * gate;
  const float s = sigmoid(gate * (gelu_linear + gelu_cubic * square)), y = gate * s;
  return {y, s + y * (1.0F - s) * (gelu_linear + 3.0F * gelu_cubic * square), 0};
}

/// A lane's eight gates and their ups (which GELU has none of).
template <Activation Kind>
struct Inputs {
  static constexpr bool gated = Kind == Activation::swiglu;
  Pairs gate;
  Pairs up;

  __device__ void load(const bf16* x, int row, int column, int columns) {
    const bf16* at = x + static_cast<std::size_t>(row) * (gated ? 2 : 1) * columns + column;
    gate = load_pairs(at);
    up = gated ? load_pairs(at + columns) : Pairs{};
  }
  __device__ Floats value() const {
    const Floats gates = to_floats(gate), ups = to_floats(up);
    Floats y;
    for (int i = 0; i < 8; ++i) y.at[i] = value_at<Kind>(gates.at[i], ups.at[i]);
    return y;
  }
};

template <Activation Kind, int Packs>
__global__ void __launch_bounds__(tile_threads)
    forward_kernel(const bf16* __restrict__ x, bf16* __restrict__ y, int rows, int columns) {
  const RowTile tile = row_tile(Packs, columns);
  Inputs<Kind> inputs[Packs];
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    if (tile.row < rows && column < columns) inputs[p].load(x, tile.row, column, columns);
  }
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    if (tile.row >= rows || column >= columns) continue;
    store_pairs(y + static_cast<std::size_t>(tile.row) * columns + column,
                to_pairs(inputs[p].value()));
  }
}

template <Activation Kind, int Packs>
__global__ void __launch_bounds__(tile_threads)
    forward_quantize_kernel(const bf16* __restrict__ x, fp8* __restrict__ codes,
                            float* __restrict__ scales, int rows, int columns) {
  __shared__ RowScales<Packs> staged;
  const RowTile tile = row_tile(Packs, columns);
  Inputs<Kind> inputs[Packs];
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    inputs[p] = Inputs<Kind>{};
    if (tile.row < rows && column < columns) inputs[p].load(x, tile.row, column, columns);
  }
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    const Floats y = inputs[p].value();
    const float amax = half_warp_max(largest_magnitude(y));
    if (tile.row < rows && column < columns) {
      store_codes(codes + static_cast<std::size_t>(tile.row) * columns + column,
                  to_codes(y, reciprocal_scale_of(amax)));
    }
    staged.put(p, amax);
  }
  staged.store(scales, tile, rows, columns);
}

template <Activation Kind, bool WithProduct, int Packs>
__global__ void __launch_bounds__(tile_threads)
    backward_kernel(const bf16* __restrict__ x, const bf16* __restrict__ dy, bf16* __restrict__ dx,
                    bf16* __restrict__ product, int rows, int columns) {
  const RowTile tile = row_tile(Packs, columns);
  const std::size_t row_begin = static_cast<std::size_t>(tile.row) * columns;
  Inputs<Kind> inputs[Packs];
  Pairs gradients[Packs];
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    if (tile.row < rows && column < columns) {
      inputs[p].load(x, tile.row, column, columns);
      gradients[p] = load_pairs(dy + row_begin + column);
    }
  }
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    if (tile.row >= rows || column >= columns) continue;
    const Floats gates = to_floats(inputs[p].gate), ups = to_floats(inputs[p].up);
    const Floats d = to_floats(gradients[p]);
    Floats y, d_gate, d_up;
    for (int i = 0; i < 8; ++i) {
      const Value v = differentiate<Kind>(gates.at[i], ups.at[i]);
      y.at[i] = v.y;
      d_gate.at[i] = d.at[i] * v.by_gate;
      d_up.at[i] = d.at[i] * v.by_up;
    }
    bf16* to = dx + row_begin * (Kind == Activation::swiglu ? 2 : 1) + column;
    store_pairs(to, to_pairs(d_gate));
    if (Kind == Activation::swiglu) store_pairs(to + columns, to_pairs(d_up));
    if (WithProduct) store_pairs(product + row_begin + column, to_pairs(y));
  }
}

// Two packs of each input: with one a thread would have too little in flight, with four too many
// registers.
constexpr int most_packs = 2;

template <typename Kernel, typename... A>
void launch_rows(Kernel one_pack, Kernel two_packs, int rows, int columns, Stream stream,
                 A... arguments) {
  require_shape(rows, columns);
  const int packs = packs_for(columns, most_packs);
  launch(packs == 2 ? two_packs : one_pack, row_tiles(packs, rows, columns), tile_threads, stream,
         arguments..., rows, columns);
}

template <Activation Kind, bool WithProduct>
void launch_backward(const bf16* x, const bf16* dy, bf16* dx, bf16* product, int rows, int columns,
                     Stream stream) {
  launch_rows(backward_kernel<Kind, WithProduct, 1>, backward_kernel<Kind, WithProduct, 2>, rows,
              columns, stream, x, dy, dx, product);
}

template <Activation Kind>
void launch_backward(const bf16* x, const bf16* dy, bf16* dx, bf16* product, int rows, int columns,
                     Stream stream) {
  if (product != nullptr) {
    launch_backward<Kind, true>(x, dy, dx, product, rows, columns, stream);
  } else {
    launch_backward<Kind, false>(x, dy, dx, product, rows, columns, stream);
  }
}

}  // namespace

void activation_forward(Activation activation, const bf16* x, bf16* y, int rows, int columns,
                        Stream stream) {
  if (activation == Activation::swiglu) {
    launch_rows(forward_kernel<Activation::swiglu, 1>, forward_kernel<Activation::swiglu, 2>, rows,
                columns, stream, x, y);
  } else {
    launch_rows(forward_kernel<Activation::gelu, 1>, forward_kernel<Activation::gelu, 2>, rows,
                columns, stream, x, y);
  }
}

void activation_forward_quantize(Activation activation, const bf16* x, fp8* codes, float* scales,
                                 int rows, int columns, Stream stream) {
  if (activation == Activation::swiglu) {
    launch_rows(forward_quantize_kernel<Activation::swiglu, 1>,
                forward_quantize_kernel<Activation::swiglu, 2>, rows, columns, stream, x, codes,
                scales);
  } else {
    launch_rows(forward_quantize_kernel<Activation::gelu, 1>,
                forward_quantize_kernel<Activation::gelu, 2>, rows, columns, stream, x, codes,
                scales);
  }
}

void activation_backward(Activation activation, const bf16* x, const bf16* dy, bf16* dx,
                         bf16* product, int rows, int columns, Stream stream) {
  if (activation == Activation::swiglu) {
    launch_backward<Activation::swiglu>(x, dy, dx, product, rows, columns, stream);
  } else {
    launch_backward<Activation::gelu>(x, dy, dx, product, rows, columns, stream);
  }
}

}  // namespace fleetwright::gpu
