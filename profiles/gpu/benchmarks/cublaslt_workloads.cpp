#include "profiles/gpu/benchmarks/cublaslt_workloads.hpp"

#include <cuda_fp16.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"
#include "profiles/gpu/libraries/cublaslt_grouped.hpp"

namespace fleetwright::gpu {
namespace {

// There is no kernel that makes FP16 numbers: a million of them, again and again.
void fill_halves(std::byte* to, std::size_t elements, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<float> normal;
  std::vector<__half> some(std::min<std::size_t>(elements, std::size_t{1} << 20));
  for (__half& h : some) h = __float2half(normal(engine));
  for (std::size_t done = 0; done < elements; done += some.size()) {
    const std::size_t now = std::min(some.size(), elements - done);
    upload(to + done * sizeof(__half), some.data(), now * sizeof(__half));
  }
}

// No memory is not asked for.
template <typename T>
DeviceArray<T> array(std::size_t size) {
  return size == 0 ? DeviceArray<T>() : DeviceArray<T>(size);
}

/// Random numbers in a format, and scales if it has them.
class RandomOperand {
 public:
  RandomOperand(std::size_t elements, Precision precision, std::size_t scales, std::uint64_t seed)
      : memory_(elements * static_cast<std::size_t>(bytes_per_element(precision))),
        scales_(array<float>(scales)) {
    // E4M3 reaches to 448: a quarter of it, so that few numbers saturate.
    constexpr float fp8_deviation = 112;
    if (precision == Precision::fp16) {
      fill_halves(memory_.data(), elements, seed);
    } else if (precision == Precision::bf16) {
      fill_random(reinterpret_cast<__nv_bfloat16*>(memory_.data()), elements, seed, 1.0F, nullptr);
    } else {
      fill_random(reinterpret_cast<__nv_fp8_storage_t*>(memory_.data()), elements, seed,
                  fp8_deviation, nullptr);
    }
    if (scales > 0) fill_random(scales_.data(), scales, seed + 1, 1 / fp8_deviation, nullptr);
  }
  [[nodiscard]] const void* memory() const { return memory_.data(); }
  [[nodiscard]] const float* scales() const { return scales_.data(); }

 private:
  DeviceArray<std::byte> memory_;
  DeviceArray<float> scales_;
};

int count(std::size_t x) { return static_cast<int>(x); }

std::size_t a_scales(Precision precision, std::size_t m, std::size_t k) {
  if (precision == Precision::fp8) return 1;
  return precision == Precision::fp8_block ? whole(scales_1x128(count(m), count(k))) : 0;
}

std::size_t b_scales(Precision precision, GemmPass pass, std::size_t n, std::size_t k) {
  if (precision != Precision::fp8_block || pass == GemmPass::weight_gradient) {
    return a_scales(precision, n, k);
  }
  return whole(scales_128x128(count(n), count(k)));
}

/// A product's result: BF16 and FP16 are written whole, FP32 is added to.
class Result {
 public:
  Result(std::size_t elements, GemmPass pass, std::uint64_t seed)
      : narrow_(array<__nv_bfloat16>(pass == GemmPass::forward ? elements : 0)),
        wide_(array<float>(pass == GemmPass::forward ? 0 : elements)) {
    if (wide_.size() > 0) fill_random(wide_.data(), wide_.size(), seed, 1.0F, nullptr);
  }
  [[nodiscard]] void* data() {
    return narrow_.size() > 0 ? static_cast<void*>(narrow_.data()) : wide_.data();
  }
  // FP16 as well: what poisons one is no number in the other either. Sums would keep the poison.
  [[nodiscard]] std::vector<Output> outputs() {
    if (narrow_.size() == 0) return {};
    return {{narrow_.data(), narrow_.size(), ElementType::bfloat16}};
  }

 private:
  DeviceArray<__nv_bfloat16> narrow_;
  DeviceArray<float> wide_;
};

class GemmWorkload : public Workload {
 public:
  GemmWorkload(const CublasLtApi& api, const Gemm& op, int sms, std::uint64_t seed, int candidates)
      : context_(api),
        product_(context_, problem(op, sms), candidates),
        a_(whole(op.m) * whole(op.k), op.precision,
           a_scales(op.precision, whole(op.m), whole(op.k)), seed),
        b_(whole(op.n) * whole(op.k), op.precision,
           b_scales(op.precision, op.pass, whole(op.n), whole(op.k)), seed + 2),
        d_(whole(op.m) * whole(op.n), op.pass, seed + 4) {
    device_synchronize();
    if (product_.candidates() > 1) choose_fastest();
  }

  void launch(Stream stream) override {
    product_.run({a_.memory(), b_.memory(), a_.scales(), b_.scales(), d_.data()}, stream);
  }
  std::vector<Output> outputs() override { return d_.outputs(); }

 private:
  static MatmulProblem problem(const Gemm& op, int sms) {
    MatmulProblem p{std::llround(op.m), std::llround(op.n), std::llround(op.k), op.precision,
                    op.pass};
    p.sms = sms;
    return p;
  }

  // By the clock around some launches: enough to rank algorithms, not to report.
  double seconds() {
    constexpr int launches = 8;
    launch(nullptr);
    device_synchronize();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < launches; ++i) launch(nullptr);
    device_synchronize();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  void choose_fastest() {
    constexpr int rounds = 3;
    std::size_t fastest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (int round = 0; round < rounds; ++round) {
      for (std::size_t c = 0; c < product_.candidates(); ++c) {
        product_.choose(c);
        if (const double s = seconds(); s < least) {
          least = s;
          fastest = c;
        }
      }
    }
    product_.choose(fastest);
  }

  CublasLtContext context_;
  CublasLtMatmul product_;
  RandomOperand a_, b_;
  Result d_;
};

/// The sizes that the loop over experts rounds the operator to.
struct GroupedSizes {
  std::size_t a = 0, b = 0, d = 0, a_scales = 0, b_scales = 0;

  GroupedSizes(const GroupedGemm& op, const std::vector<std::int64_t>& rows_of_experts) {
    std::size_t rows = 0;
    for (const std::int64_t r : rows_of_experts) rows += static_cast<std::size_t>(r);
    const std::size_t groups = rows_of_experts.size(), n = whole(op.n);
    if (op.pass == GemmPass::forward) {
      const std::size_t k = whole(op.k);
      a = rows * k;
      b = groups * n * k;
      d = rows * n;
      a_scales = gpu::a_scales(op.precision, rows, k);
      // One number for the weights of all experts, or the blocks of each.
      b_scales = gpu::b_scales(op.precision, op.pass, n, k) *
                 (op.precision == Precision::fp8_block ? groups : 1);
    } else {
      const std::size_t m = whole(op.m);
      a = m * rows;
      b = n * rows;
      d = groups * m * n;
      a_scales = gpu::a_scales(op.precision, m, rows);
      b_scales = gpu::b_scales(op.precision, op.pass, n, rows);
    }
  }
};

class GroupedGemmWorkload : public Workload {
 public:
  GroupedGemmWorkload(const CublasLtApi& api, const GroupedGemm& op, int sms, std::uint64_t seed)
      : context_(api),
        product_(context_, op, sms),
        sizes_(op, product_.rows()),
        a_(sizes_.a, op.precision, sizes_.a_scales, seed),
        b_(sizes_.b, op.precision, sizes_.b_scales, seed + 2),
        d_(sizes_.d, op.pass, seed + 4) {
    device_synchronize();
  }
  void launch(Stream stream) override {
    product_.run({a_.memory(), b_.memory(), a_.scales(), b_.scales(), d_.data()}, stream);
  }
  std::vector<Output> outputs() override { return d_.outputs(); }

 private:
  CublasLtContext context_;
  CublasLtGroupedMatmul product_;
  GroupedSizes sizes_;
  RandomOperand a_, b_;
  Result d_;
};

}  // namespace

std::unique_ptr<Workload> cublaslt_gemm(const CublasLtApi& api, const Gemm& op, int sms,
                                        std::uint64_t seed, int candidates) {
  return std::make_unique<GemmWorkload>(api, op, sms, seed, candidates);
}

std::unique_ptr<Workload> cublaslt_grouped_gemm(const CublasLtApi& api, const GroupedGemm& op,
                                                int sms, std::uint64_t seed) {
  return std::make_unique<GroupedGemmWorkload>(api, op, sms, seed);
}

}  // namespace fleetwright::gpu
