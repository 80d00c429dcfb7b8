#include <string>

#include "models/core/error.hpp"
#include "profiles/gpu/kernels/device.cuh"
#include "profiles/gpu/kernels/poison.hpp"

namespace fleetwright::gpu {
namespace {

constexpr int threads = 256;
constexpr unsigned most_blocks = 4096;

__device__ inline bool is_poison(bf16 x) {
  const float wide = to_float(x);
  return wide != wide;
}
__device__ inline bool is_poison(float x) { return x != x; }
__device__ inline bool is_poison(fp8 x) { return (x & 0x7f) == 0x7f; }
__device__ inline bool is_poison(std::int32_t x) { return x == -1; }

template <typename T>
__global__ void count_kernel(const T* values, std::size_t size, unsigned* count) {
  unsigned mine = 0;
  const std::size_t step = static_cast<std::size_t>(gridDim.x) * threads;
  for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * threads + threadIdx.x; i < size;
       i += step) {
    if (is_poison(values[i])) ++mine;
  }
  if (mine > 0) atomicAdd(count, mine);
}

template <typename T>
void count(const Output& output, unsigned* to) {
  const unsigned blocks = blocks_for(output.elements, threads);
  launch(count_kernel<T>, blocks < most_blocks ? blocks : most_blocks, threads, nullptr,
         static_cast<const T*>(output.data), output.elements, to);
}

std::size_t bytes_of(const Output& output) {
  switch (output.type) {
    case ElementType::bfloat16:
      return 2 * output.elements;
    case ElementType::e4m3:
      return output.elements;
    case ElementType::float32:
    case ElementType::int32:
      break;
  }
  return 4 * output.elements;
}

}  // namespace

void poison(Workload& workload) {
  for (const Output& output : workload.outputs()) device_fill(output.data, 0xff, bytes_of(output));
}

std::size_t poisoned_elements(Workload& workload) {
  DeviceArray<unsigned> total(std::vector<unsigned>{0});
  auto* to = total.data();
  for (const Output& output : workload.outputs()) {
    if (output.elements == 0) continue;
    switch (output.type) {
      case ElementType::bfloat16:
        count<bf16>(output, to);
        break;
      case ElementType::float32:
        count<float>(output, to);
        break;
      case ElementType::e4m3:
        count<fp8>(output, to);
        break;
      case ElementType::int32:
        count<std::int32_t>(output, to);
        break;
    }
  }
  device_synchronize();
  return total.host()[0];
}

void prove_writes(Workload& workload) {
  poison(workload);
  workload.launch(nullptr);
  device_synchronize();
  if (const std::size_t left = poisoned_elements(workload); left > 0) {
    throw Error(std::to_string(left) + " elements of its outputs were not written");
  }
}

}  // namespace fleetwright::gpu
