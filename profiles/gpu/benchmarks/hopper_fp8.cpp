#include "profiles/gpu/benchmarks/hopper_fp8.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>

#include "models/core/data_files.hpp"
#include "profiles/gpu/checks/hopper_fp8_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/hopper/fp8_gemm.hpp"
#include "profiles/gpu/run/sized_problem.hpp"

namespace fleetwright::gpu {
namespace {

using hopper::Fp8Gemm;
using hopper::Fp8Problem;
using hopper::Grouping;

std::size_t size(std::int64_t x) { return static_cast<std::size_t>(x); }

/// A product by the plan that should cost least, or by the one that took least of the first few.
class Fp8Workload : public Workload {
 public:
  Fp8Workload(const SizedProblem& p, int sms, std::size_t plans, std::uint64_t seed)
      : problem_(p.problem),
        a_(size(problem_.rows() * problem_.k)),
        b_(size(problem_.columns() * problem_.k)),
        a_scales_(size(problem_.a_scales())),
        b_scales_(size(problem_.b_scales())),
        sizes_(p.sizes.empty() ? DeviceArray<std::int32_t>() : DeviceArray<std::int32_t>(p.sizes)) {
    constexpr float deviation = 112;  // a quarter of what E4M3 reaches, so that few saturate
    fill_random(a_.data(), a_.size(), seed, deviation, nullptr);
    fill_random(b_.data(), b_.size(), seed + 1, deviation, nullptr);
    fill_random(a_scales_.data(), a_scales_.size(), seed + 2, 1 / deviation, nullptr);
    fill_random(b_scales_.data(), b_scales_.size(), seed + 3, 1 / deviation, nullptr);
    if (forward()) {
      written_ = DeviceArray<__nv_bfloat16>(size(problem_.results()));
    } else {
      sums_ = DeviceArray<float>(size(problem_.results()));
      fill_random(sums_.data(), sums_.size(), seed + 4, 1.0F, nullptr);
    }
    device_synchronize();
    const auto rates = hopper::read_hopper_rates(data_file("profiles/data/hopper_sm.csv"));
    const auto candidates = hopper::fp8_candidates(problem_, p.sizes, sms, rates);
    for (std::size_t c = 0; c < std::min(plans, candidates.size()); ++c) {
      products_.emplace_back(
          problem_, candidates[c].plan,
          hopper::Fp8Operands{
              a_.data(), b_.data(), a_scales_.data(), b_scales_.data(),
              forward() ? static_cast<void*>(written_.data()) : static_cast<void*>(sums_.data())},
          sizes_.data());
    }
    if (products_.size() > 1) choose_fastest();
  }

  void launch(Stream stream) override { products_[chosen_].run(stream); }

  // A masked product does not write what is not there; sums would keep the poison.
  std::vector<Output> outputs() override {
    if (!forward() || problem_.grouping == Grouping::masked) return {};
    return {{written_.data(), written_.size(), ElementType::bfloat16}};
  }

 private:
  [[nodiscard]] bool forward() const { return problem_.pass == GemmPass::forward; }

  // By the clock around some launches: enough to rank plans, not to report.
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
    std::vector<double> least(products_.size(), std::numeric_limits<double>::infinity());
    for (int round = 0; round < rounds; ++round) {
      for (chosen_ = 0; chosen_ < products_.size(); ++chosen_) {
        least[chosen_] = std::min(least[chosen_], seconds());
      }
    }
    chosen_ = size(std::ranges::min_element(least) - least.begin());
  }

  Fp8Problem problem_;
  DeviceArray<__nv_fp8_storage_t> a_, b_;
  DeviceArray<float> a_scales_, b_scales_;
  DeviceArray<std::int32_t> sizes_;
  DeviceArray<__nv_bfloat16> written_;
  DeviceArray<float> sums_;
  std::vector<Fp8Gemm> products_;
  std::size_t chosen_ = 0;
};

template <typename Kind>
bool accepts(const Operator& op) {
  return std::holds_alternative<Kind>(op) && sized_problem(op).has_value();
}

bool accepts_forward_groups(const Operator& op) {
  const auto* g = std::get_if<GroupedGemm>(&op);
  return g != nullptr && g->pass == GemmPass::forward && g->groups > 1 && accepts<GroupedGemm>(op);
}

// Decoding: few tokens an expert, in a buffer of fixed rows for each.
bool accepts_masked(const Operator& op) {
  constexpr double rows_of_decoding = 512;
  return accepts_forward_groups(op) &&
         std::get<GroupedGemm>(op).m <= rows_of_decoding * std::get<GroupedGemm>(op).groups;
}

template <std::size_t Plans>
std::unique_ptr<Workload> prepare(const Operator& op, int sms, std::uint64_t seed) {
  return std::make_unique<Fp8Workload>(*sized_problem(op), sms, Plans, seed);
}

std::unique_ptr<Workload> prepare_masked(const Operator& op, int sms, std::uint64_t seed) {
  SizedProblem p = *sized_problem(op);
  p.problem.grouping = Grouping::masked;
  p.problem.m = *std::ranges::max_element(p.sizes);
  return std::make_unique<Fp8Workload>(p, sms, 1, seed);
}

// Each token to an expert, whose popularity is log-normal: the fullest has some three times the
// mean, and others are nearly empty.
std::unique_ptr<Workload> prepare_uneven(const Operator& op, int sms, std::uint64_t seed) {
  SizedProblem p = *sized_problem(op);
  std::mt19937_64 engine(seed);
  std::lognormal_distribution<double> popularity(0.0, 0.7);
  std::vector<double> weights(p.sizes.size());
  for (double& w : weights) w = popularity(engine);
  std::discrete_distribution<std::size_t> choose(weights.begin(), weights.end());
  p.sizes.assign(p.sizes.size(), 0);
  for (int row = 0; row < p.problem.m; ++row) ++p.sizes[choose(engine)];
  return std::make_unique<Fp8Workload>(p, sms, 1, seed);
}

constexpr std::size_t plans_tried = 6;

}  // namespace

std::vector<Benchmark> hopper_fp8_benchmarks() {
  return {{"fleetwright.gemm", "fleetwright", "FP8 product by the plan that should cost least",
           accepts<Gemm>, prepare<1>, true, check_hopper_fp8},
          {"fleetwright.gemm_best", "fleetwright-best", "FP8 product by the fastest of six plans",
           accepts<Gemm>, prepare<plans_tried>, true},
          {"fleetwright.grouped_gemm", "fleetwright",
           "FP8 products of experts in one kernel, their rows split evenly", accepts<GroupedGemm>,
           prepare<1>, true},
          {"fleetwright.grouped_gemm_uneven", "fleetwright-uneven",
           "the same with rows as an unbalanced router gives them", accepts_forward_groups,
           prepare_uneven, true},
          {"fleetwright.grouped_gemm_masked", "fleetwright-masked",
           "the same with room of equal size for the rows of each expert, as decoding has it",
           accepts_masked, prepare_masked, true}};
}

}  // namespace fleetwright::gpu
