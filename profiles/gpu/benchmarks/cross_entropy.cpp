#include "profiles/gpu/benchmarks/cross_entropy.hpp"

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/cross_entropy_check.hpp"
#include "profiles/gpu/kernels/cross_entropy.hpp"
#include "profiles/gpu/kernels/fill.hpp"

namespace fleetwright::gpu {
namespace {

class LossWorkload : public Workload {
 public:
  LossWorkload(const Loss& op, std::uint64_t seed)
      : backward_(op.backward),
        shape_{static_cast<int>(whole(op.tokens)), static_cast<int>(op.vocabulary)},
        logits_(whole(op.tokens) * whole(op.vocabulary)),
        gradients_(op.backward ? logits_.size() : 0),
        targets_(whole(op.tokens)),
        losses_(targets_.size()),
        log_sums_(targets_.size()) {
    fill_random(logits_.data(), logits_.size(), seed, 1.0F, nullptr);
    fill_random(targets_.data(), targets_.size(), seed + 1, shape_.vocabulary, nullptr);
    if (backward_) {  // with the sums that belong to the logits; the losses stand for their
                      // gradients
      forward(nullptr);
    }
    device_synchronize();
  }

  void launch(Stream stream) override {
    if (!backward_) return forward(stream);
    // Not in place, so that each launch finds the logits; the traffic is the same.
    cross_entropy_backward(logits_.data(), targets_.data(), log_sums_.data(), losses_.data(),
                           shape_, gradients_.data(), stream);
  }
  std::vector<Output> outputs() override {
    if (backward_) return {{gradients_.data(), gradients_.size(), ElementType::bfloat16}};
    return {{losses_.data(), losses_.size(), ElementType::float32},
            {log_sums_.data(), log_sums_.size(), ElementType::float32}};
  }

 private:
  void forward(Stream stream) {
    cross_entropy_forward(logits_.data(), targets_.data(), shape_, losses_.data(), log_sums_.data(),
                          stream);
  }

  bool backward_;
  LogitShape shape_;
  DeviceArray<__nv_bfloat16> logits_, gradients_;
  DeviceArray<std::int32_t> targets_;
  DeviceArray<float> losses_, log_sums_;
};

bool accepts(const Operator& op) {
  const Loss* l = std::get_if<Loss>(&op);
  return l != nullptr && l->tokens >= 1 && is_multiple(l->vocabulary, 8);
}

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<LossWorkload>(std::get<Loss>(op), seed);
}

}  // namespace

std::vector<Benchmark> cross_entropy_benchmarks() {
  return {{"fleetwright.loss", "fleetwright",
           "softmax cross-entropy over BF16 logits in one pass, or its gradient", accepts, prepare,
           false, check_cross_entropy}};
}

}  // namespace fleetwright::gpu
