#include "profiles/measured_ceilings.hpp"

#include <utility>

namespace fleetwright {
namespace {

// Below this much data a copy is bound by latency and caches, not by memory: several times the L2
// of any part (B200: 126 MB).
constexpr Bytes smallest_copy = 1_GB;

template <typename Rate>
void raise(Sourced<Rate>& best, Rate rate, const KernelSample& sample) {
  if (rate > best.value) best = {rate, {ProvenanceKind::measured, sample.source}};
}

}  // namespace

void prefer_measured_ceilings(Accelerator& accelerator, const AcceleratorProfile& profile) {
  Sourced<BytesPerSecond> copy;
  std::map<Precision, Sourced<FlopPerSecond>> matmul;
  for (const KernelSample& sample : profile.kernels) {
    if (sample.kind != ProvenanceKind::measured || sample.sms < accelerator.sm_count.value)
      continue;
    if (const auto* g = std::get_if<Gemm>(&sample.op)) {
      const Precision format = g->precision == Precision::fp8_block ? Precision::fp8 : g->precision;
      raise(matmul[format], flop(sample.op) / sample.time, sample);
    }
    const auto* e = std::get_if<Elementwise>(&sample.op);
    if (e != nullptr && e->kind == ElementwiseKind::copy && bytes(sample.op) >= smallest_copy) {
      raise(copy, bytes(sample.op) / sample.time, sample);
    }
  }
  if (copy.value > BytesPerSecond{0}) accelerator.copy_bandwidth = copy;
  for (auto& [format, rate] : matmul) accelerator.matmul[format] = std::move(rate);
}

}  // namespace fleetwright
