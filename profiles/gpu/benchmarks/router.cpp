#include "profiles/gpu/benchmarks/router.hpp"

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/router_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/router.hpp"

namespace fleetwright::gpu {
namespace {

// An operator does not say how its experts are grouped: 256 are DeepSeek-V3's, whose tokens go to 4
// of 8 groups (arXiv 2412.19437, section 4.2), all others lie in one group.
Gate gate_of(const Router& op) {
  Gate gate;
  gate.experts = op.experts;
  gate.active = op.active;
  if (op.experts == 256) {
    gate.groups = 8;
    gate.kept_groups = 4;
    gate.scale = 2.5F;
  }
  return gate;
}

/// Beyond the model's bytes, forward writes an id and a weight for each choice.
class ForwardWorkload : public Workload {
 public:
  ForwardWorkload(const Router& op, std::uint64_t seed)
      : gate_(gate_of(op)),
        tokens_(static_cast<int>(whole(op.tokens))),
        logits_(whole(op.tokens) * static_cast<std::size_t>(op.experts)),
        bias_(static_cast<std::size_t>(op.experts)),
        scores_(logits_.size()),
        weights_(whole(op.tokens) * static_cast<std::size_t>(op.active)),
        ids_(weights_.size()),
        counts_(bias_.size()) {
    fill_random(logits_.data(), logits_.size(), seed, 1.0F, nullptr);
    fill_random(bias_.data(), bias_.size(), seed + 1, 0.01F, nullptr);
    device_synchronize();
  }

  void launch(Stream stream) override {
    router_forward(logits_.data(), bias_.data(), tokens_, gate_,
                   {scores_.data(), ids_.data(), weights_.data(), counts_.data()}, stream);
  }
  std::vector<Output> outputs() override {
    return {{scores_.data(), scores_.size(), ElementType::float32},
            {weights_.data(), weights_.size(), ElementType::float32},
            {ids_.data(), ids_.size(), ElementType::int32},
            {counts_.data(), counts_.size(), ElementType::int32}};
  }

 protected:
  Gate gate_;
  int tokens_;
  DeviceArray<float> logits_, bias_, scores_, weights_;
  DeviceArray<std::int32_t> ids_, counts_;
};

/// Reads less than the model counts: of the scores those of the chosen alone.
class BackwardWorkload : public ForwardWorkload {
 public:
  BackwardWorkload(const Router& op, std::uint64_t seed) : ForwardWorkload(op, seed) {
    ForwardWorkload::launch(nullptr);
    fill_random(weights_.data(), weights_.size(), seed + 2, 1.0F, nullptr);
    device_synchronize();
  }

  void launch(Stream stream) override {
    router_backward(scores_.data(), ids_.data(), weights_.data(), tokens_, gate_, logits_.data(),
                    stream);
  }
  std::vector<Output> outputs() override {
    return {{logits_.data(), logits_.size(), ElementType::float32}};
  }
};

template <bool Backward>
bool accepts(const Operator& op) {
  const Router* r = std::get_if<Router>(&op);
  return r != nullptr && r->backward == Backward && r->tokens >= 1 && r->experts <= 512 &&
         is_multiple(r->experts, 4) && r->active >= 1 && r->active <= std::min(32, r->experts);
}

template <typename W>
std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<W>(std::get<Router>(op), seed);
}

}  // namespace

std::vector<Benchmark> router_benchmarks() {
  return {{"fleetwright.router_forward", "fleetwright",
           "scores, group-limited choice of experts, weights and counts in FP32", accepts<false>,
           prepare<ForwardWorkload>, false, check_router},
          {"fleetwright.router_backward", "fleetwright",
           "gradient of the weights to that of the logits in FP32", accepts<true>,
           prepare<BackwardWorkload>}};
}

}  // namespace fleetwright::gpu
