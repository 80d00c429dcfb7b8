#include "profiles/gpu/benchmarks/memcpy.hpp"

#include <cuda_bf16.h>
#include <cuda_runtime_api.h>
#include <fmt/core.h>

#include "models/core/error.hpp"
#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/kernels/fill.hpp"

namespace fleetwright::gpu {
namespace {

class CopyWorkload : public Workload {
 public:
  CopyWorkload(const Elementwise& op, std::uint64_t seed)
      : from_(whole(op.rows) * whole(op.columns)), to_(from_.size()) {
    fill_random(from_.data(), from_.size(), seed, 1.0F, nullptr);
    device_synchronize();
  }
  void launch(Stream stream) override {
    const cudaError_t status =
        cudaMemcpyAsync(to_.data(), from_.data(), from_.bytes(), cudaMemcpyDeviceToDevice, stream);
    if (status != cudaSuccess) {
      throw Error(fmt::format("copying within the GPU: {}", cudaGetErrorString(status)));
    }
  }
  std::vector<Output> outputs() override {
    return {{to_.data(), to_.size(), ElementType::bfloat16}};
  }

 private:
  DeviceArray<__nv_bfloat16> from_, to_;
};

bool accepts(const Operator& op) {
  const auto* e = std::get_if<Elementwise>(&op);
  return e != nullptr && e->kind == ElementwiseKind::copy && e->rows >= 1 && e->columns >= 1;
}

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<CopyWorkload>(std::get<Elementwise>(op), seed);
}

}  // namespace

std::vector<Benchmark> memcpy_benchmarks() {
  return {{"memcpy", "cudamemcpy", "cudaMemcpyAsync from device to device", accepts, prepare, false,
           nullptr}};
}

}  // namespace fleetwright::gpu
