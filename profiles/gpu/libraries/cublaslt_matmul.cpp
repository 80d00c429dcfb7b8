#include "profiles/gpu/libraries/cublaslt_matmul.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "models/core/error.hpp"
#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {
namespace {

// What the documentation of cublasSetWorkspace recommends for Hopper; others need less.
constexpr std::size_t workspace_bytes = std::size_t{32} << 20;

cudaDataType_t operand_type(Precision precision) {
  switch (precision) {
    case Precision::fp16:
      return CUDA_R_16F;
    case Precision::fp8:
    case Precision::fp8_block:
      return CUDA_R_8F_E4M3;
    default:
      return CUDA_R_16BF;
  }
}

cudaDataType_t result_type(const MatmulProblem& p) {
  if (p.pass == GemmPass::weight_gradient) return CUDA_R_32F;
  return p.precision == Precision::fp16 ? CUDA_R_16F : CUDA_R_16BF;
}

bool is_fp8(Precision p) { return p == Precision::fp8 || p == Precision::fp8_block; }

void set_scale_modes(const CublasLtApi& api, const CublasLtOperation& operation,
                     const MatmulProblem& p) {
  if (p.precision != Precision::fp8_block) return;  // one for each operand is the default
  const cublasLtMatmulMatrixScale_t rows = CUBLASLT_MATMUL_MATRIX_SCALE_VEC128_32F;
  const cublasLtMatmulMatrixScale_t blocks = CUBLASLT_MATMUL_MATRIX_SCALE_BLK128x128_32F;
  set_attribute(api, operation, CUBLASLT_MATMUL_DESC_A_SCALE_MODE,
                p.pass == GemmPass::forward ? blocks : rows);
  set_attribute(api, operation, CUBLASLT_MATMUL_DESC_B_SCALE_MODE, rows);
}

// An operand of ours: `outer` rows of k elements, or k rows of `outer` elements. Its rows are the
// columns of the library.
CublasLtLayout operand_layout(const CublasLtApi& api, const MatmulProblem& p, std::int64_t outer,
                              bool rows_of_k) {
  const auto inner = static_cast<std::size_t>(rows_of_k ? p.k : outer);
  const auto count = static_cast<std::size_t>(rows_of_k ? outer : p.k);
  return cublaslt_layout(api, operand_type(p.precision), inner, count,
                         p.pitch == 0 ? inner : static_cast<std::size_t>(p.pitch));
}

CublasLtPreference preference(const CublasLtApi& api, const MatmulProblem& p) {
  CublasLtPreference chosen = cublaslt_preference(api);
  set_attribute(api, chosen, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, workspace_bytes);
  for (const auto which :
       {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
        CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES}) {
    set_attribute(api, chosen, which, static_cast<std::uint32_t>(p.alignment));
  }
  return chosen;
}

}  // namespace

CublasLtContext::CublasLtContext(const CublasLtApi& api)
    : api_(&api), handle_(cublaslt_handle(api)), workspace_(workspace_bytes) {}

bool cublaslt_multiplies(Precision precision) {
  return precision == Precision::bf16 || precision == Precision::fp16 || is_fp8(precision);
}

MatmulDescription describe_matmul(const CublasLtApi& api, const MatmulProblem& p) {
  const bool rows_of_k = p.pass == GemmPass::forward || is_fp8(p.precision);
  const auto n = static_cast<std::size_t>(p.n);
  MatmulDescription d{cublaslt_operation(api), operand_layout(api, p, p.n, rows_of_k),
                      operand_layout(api, p, p.m, rows_of_k),
                      cublaslt_layout(api, result_type(p), n, static_cast<std::size_t>(p.m), n),
                      preference(api, p)};
  set_attribute(api, d.operation, CUBLASLT_MATMUL_DESC_TRANSA,
                rows_of_k ? CUBLAS_OP_T : CUBLAS_OP_N);
  set_attribute(api, d.operation, CUBLASLT_MATMUL_DESC_TRANSB,
                rows_of_k ? CUBLAS_OP_N : CUBLAS_OP_T);
  const bool fast = p.precision == Precision::fp8 && p.pass == GemmPass::forward;
  set_attribute(api, d.operation, CUBLASLT_MATMUL_DESC_FAST_ACCUM,
                static_cast<std::int8_t>(fast ? 1 : 0));
  set_scale_modes(api, d.operation, p);
  if (p.sms > 0) {
    set_attribute(api, d.operation, CUBLASLT_MATMUL_DESC_SM_COUNT_TARGET,
                  static_cast<std::int32_t>(p.sms));
  }
  return d;
}

CublasLtMatmul::CublasLtMatmul(CublasLtContext& context, const MatmulProblem& p, int candidates)
    : context_(&context),
      product_(describe_matmul(context.api(), p)),
      scaled_(is_fp8(p.precision)),
      beta_(p.pass == GemmPass::weight_gradient ? 1.0F : 0.0F),
      algorithms_(static_cast<std::size_t>(candidates)) {
  const CublasLtApi& api = context.api();
  // Any address will do: the heuristics look at whether there are scales.
  if (scaled_) set_scales(context.workspace().data(), context.workspace().data());
  const Gemm op{static_cast<double>(p.m), static_cast<double>(p.n), static_cast<double>(p.k),
                p.precision, p.pass};
  const std::string what = "an algorithm for " + describe(Operator{op});
  int found = 0;
  api.require(api.cublasLtMatmulAlgoGetHeuristic(
                  context.handle(), product_.operation.get(), product_.first.get(),
                  product_.second.get(), product_.result.get(), product_.result.get(),
                  product_.preference.get(), candidates, algorithms_.data(), &found),
              what);
  algorithms_.resize(static_cast<std::size_t>(found));
  std::erase_if(algorithms_, [](const auto& a) { return a.state != CUBLAS_STATUS_SUCCESS; });
  if (algorithms_.empty()) {
    throw Unavailable(fmt::format("cuBLASLt {}: {}: none", api.version(), what));
  }
}

void CublasLtMatmul::set_scales(const void* a_scales, const void* b_scales) {
  set_attribute(context_->api(), product_.operation, CUBLASLT_MATMUL_DESC_A_SCALE_POINTER,
                b_scales);
  set_attribute(context_->api(), product_.operation, CUBLASLT_MATMUL_DESC_B_SCALE_POINTER,
                a_scales);
}

void CublasLtMatmul::choose(std::size_t candidate) {
  ensure(candidate < algorithms_.size(), "an algorithm is one of the candidates");
  chosen_ = candidate;
}

void CublasLtMatmul::run(const MatmulOperands& operands, Stream stream) {
  const CublasLtApi& api = context_->api();
  if (scaled_) set_scales(operands.a_scales, operands.b_scales);
  const float alpha = 1;
  api.require(
      api.cublasLtMatmul(context_->handle(), product_.operation.get(), &alpha, operands.b,
                         product_.first.get(), operands.a, product_.second.get(), &beta_,
                         operands.d, product_.result.get(), operands.d, product_.result.get(),
                         &algorithms_[chosen_].algo, context_->workspace().data(),
                         context_->workspace().bytes(), stream),
      "multiplying");
}

}  // namespace fleetwright::gpu
