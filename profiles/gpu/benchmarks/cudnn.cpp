#include "profiles/gpu/benchmarks/cudnn.hpp"

#include "profiles/gpu/benchmarks/cudnn_workloads.hpp"
#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/cudnn_check.hpp"
#include "profiles/gpu/libraries/cudnn_plan.hpp"

namespace fleetwright::gpu {
namespace {

// Self-attention over whole sequences, all earlier keys visible.
bool accepts_attention(const Operator& op) {
  const auto* a = std::get_if<Attention>(&op);
  return a != nullptr && a->precision == Precision::bf16 && a->batch >= 1 && a->queries >= 1 &&
         a->queries == a->keys && (a->window == 0 || a->window >= a->keys) && a->kv_heads >= 1 &&
         a->heads % a->kv_heads == 0 && a->d_qk % 8 == 0 && a->d_v % 8 == 0;
}

bool accepts_gradient(const Operator& op) {
  return accepts_attention(op) && std::get<Attention>(op).backward;
}

// Operands of one scale, or none; rows of whole 16 bytes.
bool accepts_grouped(const Operator& op) {
  const auto* g = std::get_if<GroupedGemm>(&op);
  return g != nullptr && g->pass == GemmPass::forward &&
         (g->precision == Precision::bf16 || g->precision == Precision::fp8) && g->groups >= 1 &&
         g->m >= 1 && is_multiple(g->n, 8) && is_multiple(g->k, 16);
}

GraphCompiler compiler() { return cudnn_compiler(CudnnDevice::current(cudnn_api())); }

template <bool Deterministic>
std::unique_ptr<Workload> prepare_attention(const Operator& op, int, std::uint64_t seed) {
  return cudnn_attention(compiler(), std::get<Attention>(op), Deterministic, seed);
}

std::unique_ptr<Workload> prepare_grouped(const Operator& op, int, std::uint64_t seed) {
  return cudnn_grouped_gemm(compiler(), std::get<GroupedGemm>(op), seed);
}

std::vector<CheckResult> check(std::uint64_t seed) { return check_cudnn(compiler(), seed); }

}  // namespace

std::vector<Benchmark> cudnn_benchmarks() {
  return {
      {"cudnn.attention", "cudnn", "fused causal attention, and its gradient by atomic additions",
       accepts_attention, prepare_attention<false>, false, check},
      {"cudnn.attention_deterministic", "cudnn-deterministic",
       "gradient of fused causal attention, added up in a fixed order", accepts_gradient,
       prepare_attention<true>, false, nullptr},
      {"cudnn.grouped_gemm", "cudnn", "product of experts in one kernel, rows split evenly",
       accepts_grouped, prepare_grouped, false, nullptr}};
}

}  // namespace fleetwright::gpu
