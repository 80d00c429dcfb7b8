#include "profiles/gpu/checks/hopper_attention_check.hpp"

#include <fmt/format.h>

#include <cmath>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/kernels/hopper/attention.hpp"
#include "profiles/gpu/reference/attention.hpp"

namespace fleetwright::gpu {
namespace {

// Weights of values are rounded to BF16 before they are multiplied.
constexpr double attention_bound = 1e-2;

void check_one(std::vector<CheckResult>& results, const hopper::AttentionProblem& p,
               std::uint64_t seed) {
  reference::AttentionProblem r;
  r.batch = static_cast<std::size_t>(p.batch);
  r.queries = r.keys = static_cast<std::size_t>(p.tokens);
  r.heads = static_cast<std::size_t>(p.heads);
  r.kv_heads = static_cast<std::size_t>(p.kv_heads);
  r.d_qk = 192;
  r.d_v = 128;
  r.scale = static_cast<double>(p.scale);
  const std::size_t rows = r.batch * r.queries;
  const auto q = random_bf16(rows * r.heads * r.d_qk, seed);
  const auto k = random_bf16(rows * r.kv_heads * r.d_qk, seed + 1);
  const auto v = random_bf16(rows * r.kv_heads * r.d_v, seed + 2);
  const reference::AttentionResult expected = attention(r, widen(q), widen(k), widen(v));

  const DeviceArray<__nv_bfloat16> on_q(q), on_k(k), on_v(v);
  DeviceArray<__nv_bfloat16> o(expected.o.size());
  DeviceArray<float> log_sum(expected.log_sum.size());
  device_fill(o.data(), 0xff, o.bytes());
  device_fill(log_sum.data(), 0xff, log_sum.bytes());
  device_synchronize();
  const hopper::AttentionForward forward(
      p, {on_q.data(), on_k.data(), on_v.data(), o.data(), log_sum.data()});
  forward.run(nullptr);
  device_synchronize();
  const std::string what = fmt::format("hopper attention {} x {} tokens, {} of {} heads", p.batch,
                                       p.tokens, p.heads, p.kv_heads);
  results.push_back(compare(what + " o", widen(o.host()), expected.o, attention_bound));
  results.push_back(
      compare(what + " log sums", widen(log_sum.host()), expected.log_sum, fp32_bound));
}

}  // namespace

std::vector<CheckResult> check_hopper_attention(std::uint64_t seed) {
  std::vector<CheckResult> results;
  // Larger scores than usual, so that maxima move from block to block.
  const float scale = 3 / std::sqrt(192.0F);
  for (const hopper::AttentionProblem& p : {hopper::AttentionProblem{1, 128, 1, 1, scale},
                                            {2, 200, 4, 2, scale},
                                            {1, 70, 2, 1, scale},
                                            {1, 584, 1, 1, scale}}) {
    check_one(results, p, seed);
    seed += 3;
  }
  return results;
}

}  // namespace fleetwright::gpu
