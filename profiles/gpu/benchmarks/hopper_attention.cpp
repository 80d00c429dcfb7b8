#include "profiles/gpu/benchmarks/hopper_attention.hpp"

#include <cmath>

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/hopper_attention_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/hopper/attention.hpp"

namespace fleetwright::gpu {
namespace {

constexpr std::size_t d_qk = 192, d_v = 128;

using BFloats = DeviceArray<__nv_bfloat16>;

BFloats random(std::size_t elements, std::uint64_t seed) {
  BFloats x(elements);
  fill_random(x.data(), elements, seed, 1.0F, nullptr);
  return x;
}

class AttentionWorkload : public Workload {
 public:
  AttentionWorkload(const Attention& a, std::uint64_t seed)
      : q_(random(rows(a) * heads(a) * d_qk, seed)),
        k_(random(rows(a) * kv_heads(a) * d_qk, seed + 1)),
        v_(random(rows(a) * kv_heads(a) * d_v, seed + 2)),
        o_(rows(a) * heads(a) * d_v),
        log_sum_(rows(a) * heads(a)),
        forward_({static_cast<int>(a.batch), static_cast<int>(a.queries), a.heads, a.kv_heads,
                  1 / std::sqrt(static_cast<float>(d_qk))},
                 {q_.data(), k_.data(), v_.data(), o_.data(), log_sum_.data()}) {
    device_synchronize();
  }
  void launch(Stream stream) override { forward_.run(stream); }
  std::vector<Output> outputs() override {
    return {{o_.data(), o_.size(), ElementType::bfloat16},
            {log_sum_.data(), log_sum_.size(), ElementType::float32}};
  }

 private:
  static std::size_t rows(const Attention& a) { return whole(a.batch) * whole(a.queries); }
  static std::size_t heads(const Attention& a) { return static_cast<std::size_t>(a.heads); }
  static std::size_t kv_heads(const Attention& a) { return static_cast<std::size_t>(a.kv_heads); }

  BFloats q_, k_, v_, o_;
  DeviceArray<float> log_sum_;
  hopper::AttentionForward forward_;
};

// Self-attention over whole sequences, all earlier keys visible.
bool accepts(const Operator& op) {
  const auto* a = std::get_if<Attention>(&op);
  return a != nullptr && !a->backward && a->precision == Precision::bf16 && a->d_qk == d_qk &&
         a->d_v == d_v && a->batch >= 1 && a->queries >= 1 && a->queries == a->keys &&
         std::fmod(a->batch, 1) == 0 && std::fmod(a->queries, 1) == 0 &&
         (a->window == 0 || a->window >= a->keys) && a->kv_heads >= 1 &&
         a->heads % a->kv_heads == 0 && a->batch * a->queries * a->heads < 1 << 30;
}

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<AttentionWorkload>(std::get<Attention>(op), seed);
}

}  // namespace

std::vector<Benchmark> hopper_attention_benchmarks() {
  return {{"fleetwright.attention_forward", "fleetwright",
           "causal attention of width 192 for keys and 128 for values", accepts, prepare, false,
           check_hopper_attention}};
}

}  // namespace fleetwright::gpu
