#include "profiles/gpu/overlap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "profiles/gpu/benchmarks/hopper_fp8.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/hopper/limited_copy.hpp"
#include "profiles/gpu/run/cases.hpp"
#include "profiles/gpu/timing/cuda_objects.hpp"

namespace fleetwright::gpu {
namespace {

// Far more than the L2 holds.
constexpr std::size_t copied_numbers = std::size_t{1} << 28;

/// A copy on some SMs and its memory.
class Copy {
 public:
  Copy(int sms, std::uint64_t seed) : sms_(sms), from_(copied_numbers), to_(copied_numbers) {
    fill_random(from_.data(), copied_numbers, seed, 1.0F, nullptr);
    device_synchronize();
  }
  void launch(int times, Stream stream) {
    hopper::copy_on_some(sms_, from_.data(), to_.data(), copied_numbers, times, stream);
  }
  [[nodiscard]] static double bytes() { return 2.0 * 2.0 * copied_numbers; }

 private:
  int sms_;
  DeviceArray<__nv_bfloat16> from_, to_;
};

// Of what f queues on the stream.
double microseconds_of(cudaStream_t stream, const std::function<void()>& f) {
  EventPair events;
  events.start(stream);
  f();
  events.stop(stream);
  require_cuda(cudaStreamSynchronize(stream), "waiting for a stream");
  return events.microseconds();
}

/// Times of one product and of one copy, alone and side by side, in microseconds.
struct Overlap {
  double product = 0, copy = 0, product_beside = 0, copy_beside = 0;
};

Overlap measure(Workload& product, Copy& copy) {
  const OwnStream products, copies;
  const auto multiply = [&](int times) {
    for (int i = 0; i < times; ++i) product.launch(products.get());
  };
  constexpr int warm = 10, launches = 30;
  multiply(warm);
  copy.launch(1, copies.get());
  device_synchronize();
  Overlap o;
  o.product = microseconds_of(products.get(), [&] { multiply(launches); }) / launches;
  o.copy = microseconds_of(copies.get(), [&] { copy.launch(2, copies.get()); }) / 2;
  // Each side is timed while the other goes on for three times as long; the copy starts first, so
  // that it has its SMs.
  const double span = launches * o.product;
  const int long_copy = static_cast<int>(3 * span / o.copy) + 2;
  copy.launch(long_copy, copies.get());
  o.product_beside = microseconds_of(products.get(), [&] { multiply(launches); }) / launches;
  if (cudaStreamQuery(copies.get()) != cudaErrorNotReady) {
    throw Error("overlap: the copy ended before the products beside it");
  }
  device_synchronize();
  const int many = static_cast<int>(3 * 2 * o.copy / o.product) + 2;
  EventPair events;
  events.start(copies.get());
  copy.launch(2, copies.get());
  events.stop(copies.get());
  multiply(many);
  require_cuda(cudaStreamSynchronize(copies.get()), "waiting for a copy");
  if (cudaStreamQuery(products.get()) != cudaErrorNotReady) {
    throw Error("overlap: the products ended before the copy beside them");
  }
  device_synchronize();
  o.copy_beside = events.microseconds() / 2;
  return o;
}

}  // namespace

std::string measure_overlap(int sms, std::uint64_t seed) {
  const int left = sms - communication_sms;
  Copy copy(communication_sms, seed);
  std::string text = fmt::format(
      "products on {} SMs beside a copy on {}\n{:<40} {:>10} {:>10} {:>7} {:>10} {:>10} {:>7}\n",
      left, communication_sms, "product", "alone, us", "beside, us", "slower", "copy, GB/s",
      "beside", "slower");
  const Precision format = Precision::fp8_block;
  // What bounds each: tensor cores, results, the memory; and a weight gradient.
  const std::vector<Operator> operators{Gemm{4096, 4096, 7168, format},
                                        Gemm{4096, 7168, 16384, format},
                                        Gemm{4096, 32768, 512, format},
                                        Gemm{128, 7168, 16384, format},
                                        Gemm{7168, 2048, 4096, format, GemmPass::weight_gradient},
                                        GroupedGemm{4, 32768, 4096, 7168, format}};
  for (const Operator& op : operators) {
    for (const Benchmark& b : hopper_fp8_benchmarks()) {
      if (b.library != "fleetwright" || !b.accepts(op)) continue;
      const auto product = b.prepare(op, left, seed);
      const Overlap o = measure(*product, copy);
      text += fmt::format("{:<40} {:>10.1f} {:>10.1f} {:>6.1f}% {:>10.0f} {:>10.0f} {:>6.1f}%\n",
                          describe(op), o.product, o.product_beside,
                          100 * (o.product_beside / o.product - 1), Copy::bytes() / o.copy / 1e3,
                          Copy::bytes() / o.copy_beside / 1e3, 100 * (o.copy_beside / o.copy - 1));
    }
  }
  return text;
}

}  // namespace fleetwright::gpu
