#include "profiles/gpu/benchmarks/hopper_attention.hpp"

#include <cmath>

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/hopper_attention_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/hopper/attention_backward.hpp"

namespace fleetwright::gpu {
namespace {

constexpr std::size_t d_qk = 192, d_v = 128;

using BFloats = DeviceArray<__nv_bfloat16>;

BFloats random(std::size_t elements, std::uint64_t seed) {
  BFloats x(elements);
  fill_random(x.data(), elements, seed, 1.0F, nullptr);
  return x;
}

std::size_t rows(const Attention& a) { return whole(a.batch) * whole(a.queries); }

/// A forward, its operands and its results.
struct Tensors {
  std::size_t heads, kv_heads;
  BFloats q, k, v, o;
  DeviceArray<float> log_sum;
  hopper::AttentionProblem problem;
  hopper::AttentionForward forward;

  Tensors(const Attention& a, std::uint64_t seed)
      : heads(static_cast<std::size_t>(a.heads)),
        kv_heads(static_cast<std::size_t>(a.kv_heads)),
        q(random(rows(a) * heads * d_qk, seed)),
        k(random(rows(a) * kv_heads * d_qk, seed + 1)),
        v(random(rows(a) * kv_heads * d_v, seed + 2)),
        o(rows(a) * heads * d_v),
        log_sum(rows(a) * heads),
        problem{static_cast<int>(a.batch), static_cast<int>(a.queries), a.heads, a.kv_heads,
                1 / std::sqrt(static_cast<float>(d_qk))},
        forward(problem, {q.data(), k.data(), v.data(), o.data(), log_sum.data()}) {}
};

Output output(BFloats& x) { return {x.data(), x.size(), ElementType::bfloat16}; }

class ForwardWorkload : public Workload {
 public:
  ForwardWorkload(const Attention& a, std::uint64_t seed) : t_(a, seed) { device_synchronize(); }
  void launch(Stream stream) override { t_.forward.run(stream); }
  std::vector<Output> outputs() override {
    return {output(t_.o), {t_.log_sum.data(), t_.log_sum.size(), ElementType::float32}};
  }

 private:
  Tensors t_;
};

class BackwardWorkload : public Workload {
 public:
  BackwardWorkload(const Attention& a, std::uint64_t seed)
      : t_(a, seed),
        d_o_(random(t_.o.size(), seed + 3)),
        d_q_(t_.q.size()),
        d_k_(t_.k.size()),
        d_v_(t_.v.size()),
        mean_(t_.log_sum.size()),
        d_q_sum_(t_.q.size()),
        backward_(t_.problem, {t_.q.data(), t_.k.data(), t_.v.data(), t_.o.data(), d_o_.data(),
                               t_.log_sum.data(), d_q_.data(), d_k_.data(), d_v_.data(),
                               mean_.data(), d_q_sum_.data()}) {
    t_.forward.run(nullptr);
    device_synchronize();
  }
  void launch(Stream stream) override { backward_.run(stream); }
  std::vector<Output> outputs() override { return {output(d_q_), output(d_k_), output(d_v_)}; }

 private:
  Tensors t_;
  BFloats d_o_, d_q_, d_k_, d_v_;
  DeviceArray<float> mean_, d_q_sum_;
  hopper::AttentionBackward backward_;
};

// Self-attention over whole sequences, all earlier keys visible.
template <bool Backward>
bool accepts(const Operator& op) {
  const auto* a = std::get_if<Attention>(&op);
  return a != nullptr && a->backward == Backward && a->precision == Precision::bf16 &&
         a->d_qk == d_qk && a->d_v == d_v && a->batch >= 1 && a->queries >= 1 &&
         a->queries == a->keys && std::fmod(a->batch, 1) == 0 && std::fmod(a->queries, 1) == 0 &&
         (a->window == 0 || a->window >= a->keys) && a->kv_heads >= 1 &&
         a->heads % a->kv_heads == 0 && a->batch * a->queries * a->heads < 1 << 30;
}

template <typename W>
std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<W>(std::get<Attention>(op), seed);
}

}  // namespace

std::vector<Benchmark> hopper_attention_benchmarks() {
  return {{"fleetwright.attention_forward", "fleetwright",
           "causal attention of width 192 for keys and 128 for values", accepts<false>,
           prepare<ForwardWorkload>, false, check_hopper_attention},
          {"fleetwright.attention_backward", "fleetwright",
           "its gradients, the sums of results and gradients included", accepts<true>,
           prepare<BackwardWorkload>, false, check_hopper_attention_backward}};
}

}  // namespace fleetwright::gpu
