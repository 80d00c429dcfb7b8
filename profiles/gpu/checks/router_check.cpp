#include "profiles/gpu/checks/router_check.hpp"

#include <fmt/core.h>

#include <cmath>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/exact.hpp"
#include "profiles/gpu/kernels/router.hpp"
#include "profiles/gpu/reference/router.hpp"

namespace fleetwright::gpu {
namespace {

struct Case {
  const char* name;
  int tokens;
  Gate gate;
  bool biased;
  bool tied;  // logits on a coarse grid, so that many scores are equal
};

// Gates of the models' config.json; the last ones are narrow for the sake of their edges.
constexpr Case cases[] = {
    {"deepseek-v3", 13, {256, 8, 8, 4, 2.5F, GateScore::sigmoid}, true, false},
    {"deepseek-v3 tied", 6, {256, 8, 8, 4, 2.5F, GateScore::sigmoid}, false, true},
    {"deepseek-v2", 3, {160, 6, 8, 3, 16, GateScore::softmax}, false, false},
    {"kimi-k2", 3, {384, 8, 1, 1, 2.827F, GateScore::sigmoid}, true, false},
    {"qwen3-235b-a22b", 3, {128, 8, 1, 1, 1, GateScore::softmax}, false, false},
    {"qwen3 tied", 2, {128, 8, 1, 1, 1, GateScore::softmax}, false, true},
    {"mixtral", 5, {8, 2, 1, 1, 1, GateScore::softmax}, false, false},
    {"most experts", 2, {512, 32, 32, 16, 1, GateScore::sigmoid}, true, false},
    {"part of a lane", 2, {132, 5, 1, 1, 1, GateScore::softmax}, true, false},
    {"two lanes a group", 2, {64, 4, 16, 3, 1, GateScore::sigmoid}, true, false},
    {"one expert a lane", 2, {32, 3, 4, 2, 1, GateScore::sigmoid}, true, false},
    {"all experts", 1, {4, 4, 1, 1, 1, GateScore::softmax}, false, false},
};

reference::Matrix matrix(int rows, int columns, std::vector<double> values) {
  reference::Matrix m(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
  m.at = std::move(values);
  return m;
}

std::vector<float> logits_of(const Case& c, std::uint64_t seed) {
  std::vector<float> logits = random_fp32(
      static_cast<std::size_t>(c.tokens) * static_cast<std::size_t>(c.gate.experts), seed, 2.0);
  if (c.tied) {
    for (float& x : logits) x = std::round(x);
  }
  return logits;
}

void check_case(const Case& c, std::uint64_t seed, std::vector<CheckResult>& results) {
  const auto experts = static_cast<std::size_t>(c.gate.experts);
  const auto tokens = static_cast<std::size_t>(c.tokens);
  const std::size_t choices = tokens * static_cast<std::size_t>(c.gate.active);
  const std::vector<float> logits = logits_of(c, seed);
  const std::vector<float> bias = random_fp32(c.biased ? experts : 0, seed + 1, 0.2);
  const std::vector<float> weight_gradients = random_fp32(choices, seed + 2);

  DeviceArray<float> device_logits(logits), device_bias(bias), scores(tokens * experts),
      weights(choices), outward(weight_gradients), gradients(tokens * experts);
  DeviceArray<std::int32_t> ids(choices), counts(experts);
  router_forward(device_logits.data(), c.biased ? device_bias.data() : nullptr, c.tokens, c.gate,
                 {scores.data(), ids.data(), weights.data(), counts.data()}, nullptr);
  device_synchronize();

  // Everything after the scores starts from those of the GPU: a choice between two that differ in
  // their last bit is compared exactly.
  const reference::Matrix wide_scores = matrix(c.tokens, c.gate.experts, widen(scores.host()));
  const std::vector<int> chosen = reference::choose_experts(wide_scores, widen(bias), c.gate);
  const auto name = [&](const char* what) { return fmt::format("router {} {}", c.name, what); };
  results.push_back(compare(
      name("scores"), wide_scores.at,
      reference::gate_scores(matrix(c.tokens, c.gate.experts, widen(logits)), c.gate.score).at,
      fp32_bound));
  results.push_back(compare_exactly(name("ids"), ids.host(), chosen));
  results.push_back(compare_exactly(name("counts"), counts.host(),
                                    reference::expert_counts(chosen, c.gate.experts)));
  results.push_back(compare(name("weights"), widen(weights.host()),
                            reference::gate_weights(wide_scores, chosen, c.gate).at, fp32_bound));

  ids = DeviceArray<std::int32_t>(chosen);
  router_backward(scores.data(), ids.data(), outward.data(), c.tokens, c.gate, gradients.data(),
                  nullptr);
  device_synchronize();
  results.push_back(compare(
      name("gradient"), widen(gradients.host()),
      reference::gate_gradient(wide_scores, chosen,
                               matrix(c.tokens, c.gate.active, widen(weight_gradients)), c.gate)
          .at,
      fp32_bound));
}

}  // namespace

std::vector<CheckResult> check_router(std::uint64_t seed) {
  std::vector<CheckResult> results;
  for (const Case& c : cases) check_case(c, seed += 3, results);
  return results;
}

}  // namespace fleetwright::gpu
