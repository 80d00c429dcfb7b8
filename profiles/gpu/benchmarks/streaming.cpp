#include "profiles/gpu/benchmarks/streaming.hpp"

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/streaming_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/streaming.hpp"

namespace fleetwright::gpu {
namespace {

std::size_t elements(const Elementwise& op) { return whole(op.rows) * whole(op.columns); }

DeviceArray<__nv_bfloat16> random_array(std::size_t size, std::uint64_t seed) {
  DeviceArray<__nv_bfloat16> array(size);
  fill_random(array.data(), size, seed, 1.0F, nullptr);
  device_synchronize();
  return array;
}

class CopyWorkload : public Workload {
 public:
  CopyWorkload(const Elementwise& op, std::uint64_t seed)
      : from_(random_array(elements(op), seed)), to_(from_.size()) {}
  void launch(Stream stream) override { copy(from_.data(), to_.data(), to_.size(), stream); }
  std::vector<Output> outputs() override {
    return {{to_.data(), to_.size(), ElementType::bfloat16}};
  }

 private:
  DeviceArray<__nv_bfloat16> from_, to_;
};

class ResidualAddWorkload : public Workload {
 public:
  ResidualAddWorkload(const Elementwise& op, std::uint64_t seed)
      : a_(random_array(elements(op), seed)),
        b_(random_array(elements(op), seed + 1)),
        sum_(a_.size()) {}
  void launch(Stream stream) override {
    residual_add(a_.data(), b_.data(), sum_.data(), sum_.size(), stream);
  }
  std::vector<Output> outputs() override {
    return {{sum_.data(), sum_.size(), ElementType::bfloat16}};
  }

 private:
  DeviceArray<__nv_bfloat16> a_, b_, sum_;
};

/// Reads one head's columns beside those that the model counts.
class BroadcastWorkload : public Workload {
 public:
  BroadcastWorkload(const Elementwise& op, std::uint64_t seed)
      : rows_(whole(op.rows)),
        heads_(static_cast<int>(op.columns) / shared_key_width),
        key_(random_array(rows_ * shared_key_width, seed)),
        keys_(elements(op)) {}
  void launch(Stream stream) override {
    broadcast_key(key_.data(), keys_.data(), rows_, heads_, stream);
  }
  std::vector<Output> outputs() override {
    return {{keys_.data(), keys_.size(), ElementType::bfloat16}};
  }

 private:
  std::size_t rows_;
  int heads_;
  DeviceArray<__nv_bfloat16> key_, keys_;
};

template <ElementwiseKind Kind, int ColumnsMultipleOf>
bool accepts(const Operator& op) {
  const Elementwise* e = std::get_if<Elementwise>(&op);
  return e != nullptr && e->kind == Kind && e->rows >= 1 &&
         is_multiple(e->columns, ColumnsMultipleOf);
}

template <typename Kind>
std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<Kind>(std::get<Elementwise>(op), seed);
}

}  // namespace

std::vector<Benchmark> streaming_benchmarks() {
  return {{"fleetwright.copy", "fleetwright", "copies BF16: the ceiling for the other kernels",
           accepts<ElementwiseKind::copy, 8>, prepare<CopyWorkload>, false, check_streaming},
          {"fleetwright.residual_add", "fleetwright", "adds two BF16 matrices into a third",
           accepts<ElementwiseKind::residual_add, 8>, prepare<ResidualAddWorkload>, false, nullptr},
          {"fleetwright.broadcast_rope_key", "fleetwright",
           "writes the rotated key that all heads share for each of them",
           accepts<ElementwiseKind::broadcast, shared_key_width>, prepare<BroadcastWorkload>, false,
           nullptr}};
}

}  // namespace fleetwright::gpu
