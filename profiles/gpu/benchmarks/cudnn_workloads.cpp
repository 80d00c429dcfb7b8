#include "profiles/gpu/benchmarks/cudnn_workloads.hpp"

#include <cuda_bf16.h>
#include <cuda_fp8.h>

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/libraries/cudnn_attention.hpp"
#include "profiles/gpu/libraries/cudnn_grouped.hpp"
#include "profiles/gpu/libraries/even_parts.hpp"

namespace fleetwright::gpu {
namespace {

using BFloats = DeviceArray<__nv_bfloat16>;

BFloats unwritten(std::int64_t size) { return BFloats(static_cast<std::size_t>(size)); }

BFloats random(std::int64_t size, std::uint64_t seed) {
  BFloats array(static_cast<std::size_t>(size));
  fill_random(array.data(), array.size(), seed, 1.0F, nullptr);
  return array;
}

Output output(BFloats& array) { return {array.data(), array.size(), ElementType::bfloat16}; }

/// What attention reads and writes.
struct ForwardTensors {
  BFloats q, k, v, o;
  DeviceArray<float> log_sum;

  ForwardTensors(const AttentionShape& s, std::uint64_t seed)
      : q(random(s.query_elements(), seed)),
        k(random(s.key_elements(), seed + 1)),
        v(random(s.value_elements(), seed + 2)),
        o(unwritten(s.output_elements())),
        log_sum(static_cast<std::size_t>(s.row_elements())) {}

  [[nodiscard]] GraphLaunch compiled(const GraphCompiler& compile, const AttentionShape& s) {
    const AttentionForwardGraph f = attention_forward_graph(s);
    return compile(f.graph, {{f.q, q.data()},
                             {f.k, k.data()},
                             {f.v, v.data()},
                             {f.o, o.data()},
                             {f.log_sum, log_sum.data()}});
  }
};

class ForwardWorkload : public Workload {
 public:
  ForwardWorkload(const GraphCompiler& compile, const AttentionShape& shape, std::uint64_t seed)
      : tensors_(shape, seed), launch_(tensors_.compiled(compile, shape)) {
    device_synchronize();
  }
  void launch(Stream stream) override { launch_(stream); }
  std::vector<Output> outputs() override {
    return {output(tensors_.o),
            {tensors_.log_sum.data(), tensors_.log_sum.size(), ElementType::float32}};
  }

 private:
  ForwardTensors tensors_;
  GraphLaunch launch_;
};

class BackwardWorkload : public Workload {
 public:
  BackwardWorkload(const GraphCompiler& compile, const AttentionShape& s, bool deterministic,
                   std::uint64_t seed)
      : forward_(s, seed),
        d_o_(random(s.output_elements(), seed + 3)),
        d_q_(unwritten(s.query_elements())),
        d_k_(unwritten(s.key_elements())),
        d_v_(unwritten(s.value_elements())) {
    forward_.compiled(compile, s)(nullptr);
    device_synchronize();
    const AttentionBackwardGraph b = attention_backward_graph(s, deterministic);
    GraphMemory memory{
        {b.q, forward_.q.data()}, {b.k, forward_.k.data()}, {b.v, forward_.v.data()},
        {b.o, forward_.o.data()}, {b.d_o, d_o_.data()},     {b.log_sum, forward_.log_sum.data()},
        {b.d_q, d_q_.data()},     {b.d_k, d_k_.data()},     {b.d_v, d_v_.data()}};
    for (const TensorId id : b.scratch) {
      std::size_t elements = 1;
      for (const std::int64_t size : b.graph.tensors[id].size) {
        elements *= static_cast<std::size_t>(size);
      }
      scratch_.emplace_back(elements);
      memory[id] = scratch_.back().data();
    }
    launch_ = compile(b.graph, memory);
    device_synchronize();
  }
  void launch(Stream stream) override { launch_(stream); }
  std::vector<Output> outputs() override { return {output(d_q_), output(d_k_), output(d_v_)}; }

 private:
  ForwardTensors forward_;
  BFloats d_o_, d_q_, d_k_, d_v_;
  std::vector<DeviceArray<float>> scratch_;
  GraphLaunch launch_;
};

class GroupedGemmWorkload : public Workload {
 public:
  GroupedGemmWorkload(const GraphCompiler& compile, const GroupedGemm& op, std::uint64_t seed)
      : groups_(whole(op.groups)),
        m_(whole(op.m)),
        n_(whole(op.n)),
        k_(whole(op.k)),
        element_(static_cast<std::size_t>(bytes_per_element(op.precision))),
        tokens_(m_ * k_ * element_),
        weights_(groups_ * n_ * k_ * element_),
        first_row_(first_rows()),
        scales_(2),
        result_(m_ * n_) {
    fill(tokens_, seed);
    fill(weights_, seed + 1);
    fill_random(scales_.data(), 1, seed + 2, 1 / fp8_deviation, nullptr);
    fill_random(scales_.data() + 1, 1, seed + 3, 1 / fp8_deviation, nullptr);
    const auto signed_of = [](std::size_t x) { return static_cast<std::int64_t>(x); };
    const GroupedGraph g =
        grouped_graph(signed_of(groups_), signed_of(m_), signed_of(n_), signed_of(k_),
                      element_ == 1 ? GraphType::e4m3 : GraphType::bfloat16);
    GraphMemory memory{{g.tokens, tokens_.data()},
                       {g.weights, weights_.data()},
                       {g.first_row, first_row_.data()},
                       {g.result, result_.data()}};
    if (g.token_scale) memory[*g.token_scale] = scales_.data();
    if (g.weight_scale) memory[*g.weight_scale] = scales_.data() + 1;
    launch_ = compile(g.graph, memory);
    device_synchronize();
  }
  void launch(Stream stream) override { launch_(stream); }
  std::vector<Output> outputs() override { return {output(result_)}; }

 private:
  // E4M3 reaches to 448: a quarter of it, so that few numbers saturate.
  static constexpr float fp8_deviation = 112;

  [[nodiscard]] std::vector<std::int32_t> first_rows() const {
    std::vector<std::int32_t> first;
    std::int64_t row = 0;
    for (const std::int64_t rows :
         even_parts(static_cast<std::int64_t>(m_), static_cast<std::int64_t>(groups_), 1)) {
      first.push_back(static_cast<std::int32_t>(row));
      row += rows;
    }
    return first;
  }

  void fill(DeviceArray<std::byte>& operand, std::uint64_t seed) const {
    const std::size_t elements = operand.size() / element_;
    if (element_ == 1) {
      fill_random(reinterpret_cast<__nv_fp8_storage_t*>(operand.data()), elements, seed,
                  fp8_deviation, nullptr);
    } else {
      fill_random(reinterpret_cast<__nv_bfloat16*>(operand.data()), elements, seed, 1.0F, nullptr);
    }
  }

  std::size_t groups_, m_, n_, k_, element_;
  DeviceArray<std::byte> tokens_, weights_;
  DeviceArray<std::int32_t> first_row_;
  DeviceArray<float> scales_;
  BFloats result_;
  GraphLaunch launch_;
};

}  // namespace

std::unique_ptr<Workload> cudnn_attention(const GraphCompiler& compile, const Attention& op,
                                          bool deterministic, std::uint64_t seed) {
  const AttentionShape shape = attention_shape(op);
  if (!op.backward) return std::make_unique<ForwardWorkload>(compile, shape, seed);
  return std::make_unique<BackwardWorkload>(compile, shape, deterministic, seed);
}

std::unique_ptr<Workload> cudnn_grouped_gemm(const GraphCompiler& compile, const GroupedGemm& op,
                                             std::uint64_t seed) {
  return std::make_unique<GroupedGemmWorkload>(compile, op, seed);
}

}  // namespace fleetwright::gpu
