#include "profiles/gpu/benchmarks/adamw.hpp"

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/adamw_check.hpp"
#include "profiles/gpu/kernels/adamw.hpp"
#include "profiles/gpu/kernels/fill.hpp"

namespace fleetwright::gpu {
namespace {

// An FP32 gradient read, FP32 master weight and two moments read and written, a BF16 weight
// written.
constexpr double bytes_with(double moment) { return 4 + 2 * (4 + 2 * moment) + 2; }

template <typename Moment>
class AdamWWorkload : public Workload {
 public:
  AdamWWorkload(const OptimizerUpdate& op, std::uint64_t seed)
      : gradients_(whole(op.parameters)),
        masters_(gradients_.size()),
        first_(gradients_.size()),
        second_(gradients_.size()),
        weights_(gradients_.size()) {
    fill_random(gradients_.data(), gradients_.size(), seed, 0.01F, nullptr);
    fill_random(masters_.data(), masters_.size(), seed + 1, 0.02F, nullptr);
    device_fill(first_.data(), 0, first_.bytes());
    device_fill(second_.data(), 0, second_.bytes());
    launch(nullptr);  // the moments are those of a first step from here on, and not zeros
    device_synchronize();
  }

  void launch(Stream stream) override {
    adamw(AdamW{}, gradients_.data(), masters_.data(), first_.data(), second_.data(),
          weights_.data(), gradients_.size(), stream);
  }
  /// What it updates is an input too.
  std::vector<Output> outputs() override {
    return {{weights_.data(), weights_.size(), ElementType::bfloat16}};
  }

 private:
  DeviceArray<float> gradients_, masters_;
  DeviceArray<Moment> first_, second_;
  DeviceArray<__nv_bfloat16> weights_;
};

bool accepts(const Operator& op) {
  const OptimizerUpdate* o = std::get_if<OptimizerUpdate>(&op);
  return o != nullptr && o->parameters >= 1 &&
         (o->bytes_per_parameter == bytes_with(2) || o->bytes_per_parameter == bytes_with(4));
}

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  const OptimizerUpdate& o = std::get<OptimizerUpdate>(op);
  if (o.bytes_per_parameter == bytes_with(2)) {
    return std::make_unique<AdamWWorkload<__nv_bfloat16>>(o, seed);
  }
  return std::make_unique<AdamWWorkload<float>>(o, seed);
}

}  // namespace

std::vector<Benchmark> adamw_benchmarks() {
  return {{"fleetwright.optimizer_update", "fleetwright",
           "AdamW on FP32 master weights and gradients with BF16 or FP32 moments", accepts, prepare,
           false, check_adamw}};
}

}  // namespace fleetwright::gpu
