#include "profiles/gpu/benchmarks/activation.hpp"

#include "profiles/gpu/benchmarks/row_shape.hpp"
#include "profiles/gpu/checks/activation_check.hpp"
#include "profiles/gpu/kernels/activation.hpp"
#include "profiles/gpu/kernels/fill.hpp"

namespace fleetwright::gpu {
namespace {

/// The input, which all three kernels read, with its shape.
struct Input {
  Activation activation;
  RowShape shape;
  DeviceArray<__nv_bfloat16> x;

  Input(const Elementwise& op, std::uint64_t seed)
      : activation(op.gated ? Activation::swiglu : Activation::gelu),
        shape(row_shape(op.rows, op.columns)),
        x(shape.size() * static_cast<std::size_t>(input_columns(activation, 1))) {
    fill_random(x.data(), x.size(), seed, 1.0F, nullptr);
  }
};

class ForwardWorkload : public Workload {
 public:
  ForwardWorkload(const Elementwise& op, std::uint64_t seed)
      : input_(op, seed), y_(input_.shape.size()) {}
  void launch(Stream stream) override {
    activation_forward(input_.activation, input_.x.data(), y_.data(), input_.shape.rows,
                       input_.shape.columns, stream);
  }
  std::vector<Output> outputs() override { return {{y_.data(), y_.size(), ElementType::bfloat16}}; }

 private:
  Input input_;
  DeviceArray<__nv_bfloat16> y_;
};

class ForwardQuantizeWorkload : public Workload {
 public:
  ForwardQuantizeWorkload(const Elementwise& op, std::uint64_t seed)
      : input_(op, seed),
        codes_(input_.shape.size()),
        scales_(static_cast<std::size_t>(scales_1x128(input_.shape.rows, input_.shape.columns))) {}
  void launch(Stream stream) override {
    activation_forward_quantize(input_.activation, input_.x.data(), codes_.data(), scales_.data(),
                                input_.shape.rows, input_.shape.columns, stream);
  }
  std::vector<Output> outputs() override {
    return {{codes_.data(), codes_.size(), ElementType::e4m3},
            {scales_.data(), scales_.size(), ElementType::float32}};
  }

 private:
  Input input_;
  DeviceArray<__nv_fp8_storage_t> codes_;
  DeviceArray<float> scales_;
};

class BackwardWorkload : public Workload {
 public:
  BackwardWorkload(const Elementwise& op, std::uint64_t seed)
      : input_(op, seed),
        dy_(input_.shape.size()),
        dx_(input_.x.size()),
        product_(op.quantized ? input_.shape.size() : 0) {
    fill_random(dy_.data(), dy_.size(), seed + 1, 1.0F, nullptr);
  }
  void launch(Stream stream) override {
    activation_backward(input_.activation, input_.x.data(), dy_.data(), dx_.data(),
                        product_.size() > 0 ? product_.data() : nullptr, input_.shape.rows,
                        input_.shape.columns, stream);
  }
  std::vector<Output> outputs() override {
    std::vector<Output> outputs{{dx_.data(), dx_.size(), ElementType::bfloat16}};
    if (product_.size() > 0) {
      outputs.push_back({product_.data(), product_.size(), ElementType::bfloat16});
    }
    return outputs;
  }

 private:
  Input input_;
  DeviceArray<__nv_bfloat16> dy_, dx_, product_;
};

const Elementwise* activation_of(const Operator& op) {
  const auto* e = std::get_if<Elementwise>(&op);
  const bool ours =
      e != nullptr && e->kind == ElementwiseKind::activation && moves_in_packs(e->rows, e->columns);
  return ours ? e : nullptr;
}

template <bool Quantized>
bool accepts_forward(const Operator& op) {
  const Elementwise* e = activation_of(op);
  return e != nullptr && !e->backward && e->quantized == Quantized;
}

bool accepts_backward(const Operator& op) {
  const Elementwise* e = activation_of(op);
  return e != nullptr && e->backward;
}

template <typename W>
std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<W>(std::get<Elementwise>(op), seed);
}

}  // namespace

std::vector<Benchmark> activation_benchmarks() {
  return {{"fleetwright.swiglu_forward", "fleetwright", "SwiGLU or GELU in BF16",
           accepts_forward<false>, prepare<ForwardWorkload>, false, check_activation},
          {"fleetwright.swiglu_forward_quantize", "fleetwright",
           "SwiGLU or GELU to E4M3 with a scale for 128 elements of a row", accepts_forward<true>,
           prepare<ForwardQuantizeWorkload>},
          {"fleetwright.swiglu_backward", "fleetwright",
           "gradient of SwiGLU or GELU; with the output again where the forward one was FP8",
           accepts_backward, prepare<BackwardWorkload>}};
}

}  // namespace fleetwright::gpu
