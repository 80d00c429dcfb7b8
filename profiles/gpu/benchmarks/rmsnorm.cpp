#include "profiles/gpu/benchmarks/rmsnorm.hpp"

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/rmsnorm_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/rmsnorm.hpp"

namespace fleetwright::gpu {
namespace {

/// Without residual, as the model counts bytes; it emits the residual's addition on its own.
class ForwardWorkload : public Workload {
 public:
  ForwardWorkload(const Norm& norm, std::uint64_t seed)
      : x_(whole(norm.rows) * whole(norm.columns)),
        gain_(whole(norm.columns)),
        y_(x_.size()),
        inverse_rms_(whole(norm.rows)) {
    fill_random(x_.data(), x_.size(), seed, 1.0F, nullptr);
    fill_random(gain_.data(), gain_.size(), seed + 1, 1.0F, nullptr);
    device_synchronize();
    call_.x = x_.data();
    call_.gain = gain_.data();
    call_.y = y_.data();
    call_.inverse_rms = inverse_rms_.data();
    call_.rows = whole(norm.rows);
    call_.columns = static_cast<int>(norm.columns);
  }

  void launch(Stream stream) override { rmsnorm_forward(call_, stream); }
  std::vector<Output> outputs() override {
    return {{y_.data(), y_.size(), ElementType::bfloat16},
            {inverse_rms_.data(), inverse_rms_.size(), ElementType::float32}};
  }

 private:
  DeviceArray<__nv_bfloat16> x_, gain_, y_;
  DeviceArray<float> inverse_rms_;
  RmsnormForward call_;
};

/// Moves, beyond the model's three matrices, the blocks' sums of the gain's gradient: at most 8
/// bytes a column and block, next to 6 a column and row.
class BackwardWorkload : public Workload {
 public:
  BackwardWorkload(const Norm& norm, std::uint64_t seed)
      : y_gradient_(whole(norm.rows) * whole(norm.columns)),
        x_(y_gradient_.size()),
        gain_(whole(norm.columns)),
        x_gradient_(x_.size()),
        inverse_rms_(whole(norm.rows)),
        gain_gradient_(whole(norm.columns)),
        partial_sums_(rmsnorm_partial_sums(whole(norm.rows), static_cast<int>(norm.columns))) {
    fill_random(y_gradient_.data(), y_gradient_.size(), seed, 1.0F, nullptr);
    fill_random(x_.data(), x_.size(), seed + 1, 1.0F, nullptr);
    fill_random(gain_.data(), gain_.size(), seed + 2, 1.0F, nullptr);
    fill_random(inverse_rms_.data(), inverse_rms_.size(), seed + 3, 1.0F, nullptr);
    device_synchronize();
    call_.y_gradient = y_gradient_.data();
    call_.x = x_.data();
    call_.inverse_rms = inverse_rms_.data();
    call_.gain = gain_.data();
    call_.x_gradient = x_gradient_.data();
    call_.gain_gradient = gain_gradient_.data();
    call_.partial_sums = partial_sums_.data();
    call_.rows = whole(norm.rows);
    call_.columns = static_cast<int>(norm.columns);
  }

  void launch(Stream stream) override { rmsnorm_backward(call_, stream); }
  std::vector<Output> outputs() override {
    return {{x_gradient_.data(), x_gradient_.size(), ElementType::bfloat16},
            {gain_gradient_.data(), gain_gradient_.size(), ElementType::float32}};
  }

 private:
  DeviceArray<__nv_bfloat16> y_gradient_, x_, gain_, x_gradient_;
  DeviceArray<float> inverse_rms_, gain_gradient_, partial_sums_;
  RmsnormBackward call_;
};

bool accepts(const Operator& op, bool backward) {
  const Norm* norm = std::get_if<Norm>(&op);
  return norm != nullptr && norm->backward == backward && norm->rows >= 1 &&
         is_multiple(norm->columns, 8) && norm->columns <= 18432;
}

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  const Norm& norm = std::get<Norm>(op);
  if (norm.backward) return std::make_unique<BackwardWorkload>(norm, seed);
  return std::make_unique<ForwardWorkload>(norm, seed);
}

}  // namespace

std::vector<Benchmark> rmsnorm_benchmarks() {
  return {{"fleetwright.rmsnorm_forward", "fleetwright",
           "RMS normalization of BF16 rows, each read once",
           [](const Operator& op) { return accepts(op, false); }, prepare, false, check_rmsnorm},
          {"fleetwright.rmsnorm_backward", "fleetwright",
           "gradients of the rows and of the gain, summed in a fixed order",
           [](const Operator& op) { return accepts(op, true); }, prepare, false, nullptr}};
}

}  // namespace fleetwright::gpu
