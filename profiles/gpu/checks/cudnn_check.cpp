#include "profiles/gpu/checks/cudnn_check.hpp"

#include <fmt/core.h>

#include <cmath>
#include <optional>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/libraries/cudnn_attention.hpp"
#include "profiles/gpu/libraries/cudnn_grouped.hpp"
#include "profiles/gpu/reference/attention.hpp"
#include "profiles/gpu/reference/matmul.hpp"
#include "profiles/gpu/reference/number_formats.hpp"

namespace fleetwright::gpu {
namespace {

// Probabilities and their gradients are rounded to BF16 between two products.
constexpr double attention_bound = 1e-2;
// FP8 sums of Hopper's tensor cores keep 14 bits (DeepSeek-V3, arXiv 2412.19437, section 3.5.2).
constexpr double fp8_bound = 1e-2;

/// The same random BF16 numbers on the device and as the reference reads them.
struct Tensor {
  DeviceArray<__nv_bfloat16> device;
  std::vector<double> values;

  Tensor(std::int64_t size, std::uint64_t seed) {
    const auto random = random_bf16(static_cast<std::size_t>(size), seed);
    values = widen(random);
    device = DeviceArray<__nv_bfloat16>(random);
  }
};

template <typename T>
DeviceArray<T> poisoned(std::int64_t size) {
  DeviceArray<T> array(static_cast<std::size_t>(size));
  device_fill(array.data(), 0xff, array.bytes());
  return array;
}

reference::AttentionProblem problem(const AttentionShape& s) {
  reference::AttentionProblem p;
  p.batch = static_cast<std::size_t>(s.batch);
  p.queries = p.keys = static_cast<std::size_t>(s.tokens);
  p.heads = static_cast<std::size_t>(s.heads);
  p.kv_heads = static_cast<std::size_t>(s.kv_heads);
  p.d_qk = static_cast<std::size_t>(s.d_qk);
  p.d_v = static_cast<std::size_t>(s.d_v);
  p.scale = 1 / std::sqrt(static_cast<double>(s.d_qk));
  return p;
}

/// Attention of one shape: the forward pass once, then gradients from its results.
class AttentionCheck {
 public:
  AttentionCheck(const GraphCompiler& compile, const AttentionShape& s, std::uint64_t seed)
      : compile_(compile),
        s_(s),
        q_(s.query_elements(), seed),
        k_(s.key_elements(), seed + 1),
        v_(s.value_elements(), seed + 2),
        d_o_(s.output_elements(), seed + 3),
        o_(poisoned<__nv_bfloat16>(s.output_elements())),
        log_sum_(poisoned<float>(s.row_elements())) {}

  void forward(std::vector<CheckResult>& results) {
    const AttentionForwardGraph f = attention_forward_graph(s_);
    const GraphLaunch launch = compile_(f.graph, {{f.q, q_.device.data()},
                                                  {f.k, k_.device.data()},
                                                  {f.v, v_.device.data()},
                                                  {f.o, o_.data()},
                                                  {f.log_sum, log_sum_.data()}});
    launch(nullptr);
    device_synchronize();
    const auto expected = reference::attention(problem(s_), q_.values, k_.values, v_.values);
    results.push_back(compare(name("forward", "o"), widen(o_.host()), expected.o, attention_bound));
    results.push_back(
        compare(name("forward", "log sum"), widen(log_sum_.host()), expected.log_sum, fp32_bound));
  }

  void backward(std::vector<CheckResult>& results, bool deterministic) {
    const AttentionBackwardGraph b = attention_backward_graph(s_, deterministic);
    auto d_q = poisoned<__nv_bfloat16>(s_.query_elements());
    auto d_k = poisoned<__nv_bfloat16>(s_.key_elements());
    auto d_v = poisoned<__nv_bfloat16>(s_.value_elements());
    GraphMemory memory{
        {b.q, q_.device.data()}, {b.k, k_.device.data()},     {b.v, v_.device.data()},
        {b.o, o_.data()},        {b.d_o, d_o_.device.data()}, {b.log_sum, log_sum_.data()},
        {b.d_q, d_q.data()},     {b.d_k, d_k.data()},         {b.d_v, d_v.data()}};
    std::vector<DeviceArray<float>> scratch;
    for (const TensorId id : b.scratch) {
      std::int64_t elements = 1;
      for (const std::int64_t size : b.graph.tensors[id].size) elements *= size;
      scratch.push_back(poisoned<float>(elements));
      memory[id] = scratch.back().data();
    }
    compile_(b.graph, memory)(nullptr);
    device_synchronize();
    const auto expected =
        reference::attention_backward(problem(s_), q_.values, k_.values, v_.values, d_o_.values);
    const char* way = deterministic ? "deterministic backward" : "backward";
    results.push_back(compare(name(way, "dq"), widen(d_q.host()), expected.d_q, attention_bound));
    results.push_back(compare(name(way, "dk"), widen(d_k.host()), expected.d_k, attention_bound));
    results.push_back(compare(name(way, "dv"), widen(d_v.host()), expected.d_v, attention_bound));
  }

 private:
  [[nodiscard]] std::string name(const char* way, const char* tensor) const {
    return fmt::format("cudnn attention {} {}x{}, {}/{} heads, {}/{}: {}", way, s_.batch, s_.tokens,
                       s_.heads, s_.kv_heads, s_.d_qk, s_.d_v, tensor);
  }

  const GraphCompiler& compile_;
  AttentionShape s_;
  Tensor q_, k_, v_, d_o_;
  DeviceArray<__nv_bfloat16> o_;
  DeviceArray<float> log_sum_;
};

/// Numbers in a format of products.
struct Numbers {
  std::vector<std::byte> memory;
  std::vector<double> values;

  Numbers(std::size_t size, GraphType type, std::uint64_t seed) {
    const auto append = [this](const auto& raw) {
      const auto bytes = std::as_bytes(std::span(raw));
      memory.assign(bytes.begin(), bytes.end());
    };
    if (type == GraphType::bfloat16) {
      const auto raw = random_bf16(size, seed);
      values = widen(raw);
      append(raw);
      return;
    }
    std::vector<__nv_fp8_storage_t> codes;
    for (const float x : random_fp32(size, seed, 112)) {
      codes.push_back(reference::encode_e4m3(reference::round_e4m3(static_cast<double>(x))));
    }
    values = widen(codes);
    append(codes);
  }
};

CheckResult check_grouped(const GraphCompiler& compile, GraphType type, std::uint64_t seed) {
  // The second expert has no row, the others differ.
  const std::vector<std::int32_t> first_row = {0, 48, 48, 64};
  const std::size_t m = 200, n = 96, k = 128, groups = first_row.size();
  const GroupedGraph g = grouped_graph(static_cast<std::int64_t>(groups), m, n, k, type);
  const Numbers tokens(m * k, type, seed), weights(groups * n * k, type, seed + 1);
  const std::vector<float> scales = {0.03125F, 0.012F};
  const bool scaled = g.token_scale.has_value();
  DeviceArray<std::byte> on_device[] = {DeviceArray<std::byte>(tokens.memory),
                                        DeviceArray<std::byte>(weights.memory)};
  DeviceArray<std::int32_t> rows(first_row);
  DeviceArray<float> device_scales(scales);
  auto result = poisoned<__nv_bfloat16>(static_cast<std::int64_t>(m * n));
  GraphMemory memory{{g.tokens, on_device[0].data()},
                     {g.weights, on_device[1].data()},
                     {g.first_row, rows.data()},
                     {g.result, result.data()}};
  if (scaled) {
    memory[*g.token_scale] = device_scales.data();
    memory[*g.weight_scale] = device_scales.data() + 1;
  }
  compile(g.graph, memory)(nullptr);
  device_synchronize();

  std::vector<double> expected;
  for (std::size_t e = 0; e < groups; ++e) {
    const auto begin = static_cast<std::size_t>(first_row[e]);
    const std::size_t end = e + 1 < groups ? static_cast<std::size_t>(first_row[e + 1]) : m;
    reference::Matrix a(end - begin, k), b(n, k);
    std::copy_n(tokens.values.begin() + static_cast<std::ptrdiff_t>(begin * k), a.at.size(),
                a.at.begin());
    std::copy_n(weights.values.begin() + static_cast<std::ptrdiff_t>(e * n * k), b.at.size(),
                b.at.begin());
    for (const double x : reference::multiply_transposed(a, b).at) {
      expected.push_back(
          scaled ? x * static_cast<double>(scales[0]) * static_cast<double>(scales[1]) : x);
    }
  }
  return compare(scaled ? "cudnn grouped gemm fp8" : "cudnn grouped gemm bf16",
                 widen(result.host()), expected, scaled ? fp8_bound : bf16_bound);
}

}  // namespace

std::vector<CheckResult> check_cudnn(const GraphCompiler& compile, std::uint64_t seed) {
  std::vector<CheckResult> results;
  const auto attempt = [](auto check) {
    try {
      check();
    } catch (const Unavailable&) {  // on this GPU
    }
  };
  // Latent attention's widths, shared keys, lengths within tiles and across them.
  for (const AttentionShape& shape :
       {AttentionShape{1, 192, 2, 2, 192, 128}, AttentionShape{2, 136, 4, 2, 128, 128},
        AttentionShape{1, 64, 3, 1, 64, 64}}) {
    seed += 16;
    attempt([&] {
      AttentionCheck check(compile, shape, seed);
      check.forward(results);
      for (const bool deterministic : {false, true}) {
        attempt([&] { check.backward(results, deterministic); });
      }
    });
  }
  for (const GraphType type : {GraphType::bfloat16, GraphType::e4m3}) {
    attempt([&] { results.push_back(check_grouped(compile, type, ++seed)); });
  }
  return results;
}

}  // namespace fleetwright::gpu
