#include "profiles/gpu/checks/hopper_attention_check.hpp"

#include <fmt/format.h>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/kernels/hopper/attention_backward.hpp"
#include "profiles/gpu/reference/attention.hpp"

namespace fleetwright::gpu {
namespace {

// Weights of values are rounded to BF16 before they are multiplied.
constexpr double attention_bound = 1e-2;
// Larger scores than usual, so that maxima move from block to block.
constexpr float scale = 0.2165F;  // 3 / sqrt(192)

using Numbers = DeviceArray<__nv_bfloat16>;

reference::AttentionProblem reference_problem(const hopper::AttentionProblem& p) {
  reference::AttentionProblem r;
  r.batch = static_cast<std::size_t>(p.batch);
  r.queries = r.keys = static_cast<std::size_t>(p.tokens);
  r.heads = static_cast<std::size_t>(p.heads);
  r.kv_heads = static_cast<std::size_t>(p.kv_heads);
  r.d_qk = 192;
  r.d_v = 128;
  r.scale = static_cast<double>(p.scale);
  return r;
}

struct Inputs {
  std::vector<__nv_bfloat16> q, k, v;

  Inputs(const reference::AttentionProblem& r, std::uint64_t seed)
      : q(random_bf16(r.batch * r.queries * r.heads * r.d_qk, seed)),
        k(random_bf16(r.batch * r.keys * r.kv_heads * r.d_qk, seed + 1)),
        v(random_bf16(r.batch * r.keys * r.kv_heads * r.d_v, seed + 2)) {}
};

std::string describe(const hopper::AttentionProblem& p) {
  return fmt::format("hopper attention {} x {} tokens, {} of {} heads", p.batch, p.tokens, p.heads,
                     p.kv_heads);
}

Numbers rounded(const std::vector<double>& values) {
  std::vector<__nv_bfloat16> host;
  host.reserve(values.size());
  for (const double x : values) host.push_back(__double2bfloat16(x));
  return Numbers(host);
}

template <typename T>
DeviceArray<T> poisoned(std::size_t elements) {
  DeviceArray<T> x(elements);
  device_fill(x.data(), 0xff, x.bytes());
  return x;
}

void check_forward(std::vector<CheckResult>& results, const hopper::AttentionProblem& p,
                   std::uint64_t seed) {
  const reference::AttentionProblem r = reference_problem(p);
  const Inputs in(r, seed);
  const reference::AttentionResult expected = attention(r, widen(in.q), widen(in.k), widen(in.v));
  const Numbers q(in.q), k(in.k), v(in.v);
  auto o = poisoned<__nv_bfloat16>(expected.o.size());
  auto log_sum = poisoned<float>(expected.log_sum.size());
  device_synchronize();
  const hopper::AttentionForward forward(p,
                                         {q.data(), k.data(), v.data(), o.data(), log_sum.data()});
  forward.run(nullptr);
  device_synchronize();
  results.push_back(compare(describe(p) + " o", widen(o.host()), expected.o, attention_bound));
  results.push_back(
      compare(describe(p) + " log sums", widen(log_sum.host()), expected.log_sum, fp32_bound));
}

void check_backward(std::vector<CheckResult>& results, const hopper::AttentionProblem& p,
                    std::uint64_t seed) {
  const reference::AttentionProblem r = reference_problem(p);
  const Inputs in(r, seed);
  const reference::AttentionResult result = attention(r, widen(in.q), widen(in.k), widen(in.v));
  const auto d_o = random_bf16(result.o.size(), seed + 3);
  const reference::AttentionGradients expected =
      attention_backward(r, widen(in.q), widen(in.k), widen(in.v), widen(d_o));
  const Numbers q(in.q), k(in.k), v(in.v), o(rounded(result.o)), on_d_o(d_o);
  const DeviceArray<float> log_sum(
      std::vector<float>(result.log_sum.begin(), result.log_sum.end()));
  auto d_q = poisoned<__nv_bfloat16>(in.q.size()), d_k = poisoned<__nv_bfloat16>(in.k.size()),
       d_v = poisoned<__nv_bfloat16>(in.v.size());
  auto mean = poisoned<float>(log_sum.size()), d_q_sum = poisoned<float>(in.q.size());
  device_synchronize();
  const hopper::AttentionBackward backward(
      p, {q.data(), k.data(), v.data(), o.data(), on_d_o.data(), log_sum.data(), d_q.data(),
          d_k.data(), d_v.data(), mean.data(), d_q_sum.data()});
  backward.run(nullptr);
  device_synchronize();
  const auto add = [&](const char* what, const Numbers& got, const std::vector<double>& wanted) {
    results.push_back(compare(describe(p) + what, widen(got.host()), wanted, attention_bound));
  };
  add(" d_q", d_q, expected.d_q);
  add(" d_k", d_k, expected.d_k);
  add(" d_v", d_v, expected.d_v);
}

}  // namespace

std::vector<CheckResult> check_hopper_attention(std::uint64_t seed) {
  std::vector<CheckResult> results;
  for (const hopper::AttentionProblem& p : {hopper::AttentionProblem{1, 128, 1, 1, scale},
                                            {2, 200, 4, 2, scale},
                                            {1, 70, 2, 1, scale},
                                            {1, 584, 1, 1, scale}}) {
    check_forward(results, p, seed);
    seed += 3;
  }
  return results;
}

std::vector<CheckResult> check_hopper_attention_backward(std::uint64_t seed) {
  std::vector<CheckResult> results;
  for (const hopper::AttentionProblem& p : {hopper::AttentionProblem{1, 128, 1, 1, scale},
                                            {2, 200, 2, 1, scale},
                                            {2, 70, 1, 1, scale},
                                            {1, 330, 1, 1, scale}}) {
    check_backward(results, p, seed);
    seed += 4;
  }
  return results;
}

}  // namespace fleetwright::gpu
