#include "profiles/gpu/benchmarks/cublaslt.hpp"

#include "profiles/gpu/benchmarks/cublaslt_workloads.hpp"
#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/cublaslt_check.hpp"

namespace fleetwright::gpu {
namespace {

// cuBLASLt takes FP8 in rows of whole 16 bytes, and results too.
bool has_sizes(Precision precision, double m, double n, double k) {
  if (m < 1 || n < 1 || k < 1) return false;
  return bytes_per_element(precision) != 1 || (is_multiple(n, 16) && is_multiple(k, 16));
}

bool accepts_gemm(const Operator& op) {
  const auto* g = std::get_if<Gemm>(&op);
  return g != nullptr && cublaslt_multiplies(g->precision) &&
         has_sizes(g->precision, g->m, g->n, g->k) &&
         (g->precision != Precision::fp8_block || is_multiple(g->m, 4));
}

// The rows of experts are rounded to what a product takes; the other sizes are as they are.
bool accepts_grouped(const Operator& op) {
  const auto* g = std::get_if<GroupedGemm>(&op);
  if (g == nullptr || !cublaslt_multiplies(g->precision) || g->groups < 1) return false;
  return g->pass == GemmPass::forward
             ? g->m >= 1 && has_sizes(g->precision, 16, g->n, g->k)
             : g->k >= 1 && has_sizes(g->precision, 16, g->n, 16) && g->m >= 1 &&
                   (g->precision != Precision::fp8_block || is_multiple(g->m, 4));
}

int sms_to_plan_for(int sms) { return sms < multiprocessors() ? sms : 0; }

template <int Candidates>
std::unique_ptr<Workload> prepare_gemm(const Operator& op, int sms, std::uint64_t seed) {
  return cublaslt_gemm(cublaslt_api(), std::get<Gemm>(op), sms_to_plan_for(sms), seed, Candidates);
}

std::unique_ptr<Workload> prepare_grouped(const Operator& op, int sms, std::uint64_t seed) {
  return cublaslt_grouped_gemm(cublaslt_api(), std::get<GroupedGemm>(op), sms_to_plan_for(sms),
                               seed);
}

std::vector<CheckResult> check(std::uint64_t seed) {
  CublasLtContext context(cublaslt_api());
  return check_cublaslt(context, seed);
}

}  // namespace

std::vector<Benchmark> cublaslt_benchmarks() {
  return {{"cublaslt.gemm", "cublas", "product by the algorithm that cuBLASLt's heuristics choose",
           accepts_gemm, prepare_gemm<1>, true, check},
          {"cublaslt.gemm_best", "cublas-best",
           "product by the fastest of eight algorithms of cuBLASLt's heuristics", accepts_gemm,
           prepare_gemm<8>, true, nullptr},
          {"cublaslt.grouped_gemm", "cublas",
           "products of experts one after another, their rows split evenly", accepts_grouped,
           prepare_grouped, true, nullptr}};
}

}  // namespace fleetwright::gpu
