#include "profiles/gpu/checks/cross_entropy_check.hpp"

#include <fmt/core.h>

#include <limits>
#include <random>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/exact.hpp"
#include "profiles/gpu/kernels/cross_entropy.hpp"
#include "profiles/gpu/reference/cross_entropy.hpp"

namespace fleetwright::gpu {
namespace {

struct Case {
  LogitShape shape;
  float shift = 0;      // of all logits
  bool masked = false;  // some logits are -infinity
};

struct Tokens {
  std::vector<__nv_bfloat16> logits;
  std::vector<int> targets;
  std::vector<float> loss_gradients;
};

Tokens tokens_of(const Case& c, std::uint64_t seed) {
  const auto tokens = static_cast<std::size_t>(c.shape.tokens);
  const auto vocabulary = static_cast<std::size_t>(c.shape.vocabulary);
  std::mt19937_64 engine(seed);
  Tokens result;
  result.loss_gradients = random_fp32(tokens, seed + 1);
  std::vector<float> logits = random_fp32(tokens * vocabulary, seed + 2, 2.0);
  for (float& x : logits) x += c.shift;
  for (std::size_t t = 0; t < tokens; ++t) {
    // The third has none.
    result.targets.push_back(t == 2 ? -1 : static_cast<int>(engine() % vocabulary));
    if (!c.masked) continue;
    // All that some threads see, and the end.
    for (std::size_t v = 0; v < vocabulary; ++v) {
      const bool is_target = static_cast<int>(v) == result.targets[t];
      if (!is_target && (v / 8 % 3 == 0 || v >= vocabulary / 2)) {
        logits[t * vocabulary + v] = -std::numeric_limits<float>::infinity();
      }
    }
  }
  for (const float x : logits) result.logits.push_back(__float2bfloat16_rn(x));
  return result;
}

/// Splits a gradient: the targets' entries are larger by far than all others together, whose errors
/// they would hide.
struct Parts {
  std::vector<double> targets;
  std::vector<double> others;

  Parts(std::vector<double> gradient, const std::vector<int>& at, int vocabulary) {
    for (std::size_t t = 0; t < at.size(); ++t) {
      if (at[t] < 0) continue;
      double& entry =
          gradient[t * static_cast<std::size_t>(vocabulary) + static_cast<std::size_t>(at[t])];
      targets.push_back(entry);
      entry = 0;
    }
    others = std::move(gradient);
  }
};

void check_case(const Case& c, std::uint64_t seed, std::vector<CheckResult>& results) {
  const Tokens tokens = tokens_of(c, seed);
  const int vocabulary = c.shape.vocabulary;
  reference::Matrix logits(static_cast<std::size_t>(c.shape.tokens),
                           static_cast<std::size_t>(vocabulary));
  logits.at = widen(tokens.logits);

  DeviceArray<__nv_bfloat16> device_logits(tokens.logits), gradients(tokens.logits.size());
  DeviceArray<std::int32_t> targets(tokens.targets);
  DeviceArray<float> outward(tokens.loss_gradients), losses(tokens.targets.size()),
      log_sums(tokens.targets.size());
  cross_entropy_forward(device_logits.data(), targets.data(), c.shape, losses.data(),
                        log_sums.data(), nullptr);
  cross_entropy_backward(device_logits.data(), targets.data(), log_sums.data(), outward.data(),
                         c.shape, gradients.data(), nullptr);
  cross_entropy_backward(device_logits.data(), targets.data(), log_sums.data(), outward.data(),
                         c.shape, device_logits.data(), nullptr);
  device_synchronize();

  const auto name = [&](const char* what) {
    return fmt::format("cross_entropy {}x{}{} {}", c.shape.tokens, vocabulary,
                       c.masked ? " masked" : "", what);
  };
  const reference::CrossEntropy expected = reference::cross_entropy(logits, tokens.targets);
  results.push_back(compare(name("losses"), widen(losses.host()), expected.losses, fp32_bound));
  results.push_back(
      compare(name("log sums"), widen(log_sums.host()), expected.log_sums, fp32_bound));
  const std::vector<double> got = widen(gradients.host());
  const Parts mine(got, tokens.targets, vocabulary);
  const Parts theirs(
      reference::cross_entropy_gradient(logits, tokens.targets, widen(tokens.loss_gradients)).at,
      tokens.targets, vocabulary);
  results.push_back(compare(name("gradient of targets"), mine.targets, theirs.targets, bf16_bound));
  results.push_back(compare(name("gradient"), mine.others, theirs.others, bf16_bound));
  results.push_back(compare_exactly(name("gradient in place"), widen(device_logits.host()), got));
}

}  // namespace

std::vector<CheckResult> check_cross_entropy(std::uint64_t seed) {
  std::vector<CheckResult> results;
  for (const Case& c :
       {Case{{1, 8}}, Case{{3, 1000}, 300.0F}, Case{{4, 8200}, -300.0F},
        Case{{3, 1000}, 300.0F, true}, Case{{3, 16160}, 0.0F, true}, Case{{2, 129280}}}) {
    check_case(c, seed += 3, results);
  }
  return results;
}

}  // namespace fleetwright::gpu
