#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/operators.hpp"
#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/libraries/cublaslt.hpp"

namespace fleetwright::gpu {

/// One GPU's cuBLASLt, with the memory that its products may use between their kernels.
class CublasLtContext {
 public:
  explicit CublasLtContext(const CublasLtApi& api);

  [[nodiscard]] const CublasLtApi& api() const { return *api_; }
  [[nodiscard]] cublasLtHandle_t handle() const { return handle_.get(); }
  [[nodiscard]] DeviceArray<std::byte>& workspace() { return workspace_; }

 private:
  const CublasLtApi* api_;
  CublasLtHandle handle_;
  DeviceArray<std::byte> workspace_;
};

/// A product of a training step; all matrices are row-major, `pitch` elements from row to row (0:
/// packed).
/// - Forward and input gradient: d[m, n] = a[m, k] b[n, k]^T, in BF16 (FP16 for FP16 operands).
/// - Weight gradient: d[m, n] += the same in FP32. Of BF16 and FP16 the operands lie as the tokens
///   do, a[k, m] and b[k, n]; FP8 has them transposed already, a[m, k] and b[n, k].
/// - fp8: E4M3 with one scale for each operand. Results forward are summed in the tensor cores all
///   the way ("fast accumulation"), those of weight gradients are not, as in Transformer Engine.
/// - fp8_block: scales of 1x128 elements of a, and of b 128x128 forward, 1x128 in weight gradients;
///   they lie as scale_layout.hpp says.
///
/// cuBLASLt is column-major: its D is d transposed, its A is b and its B is a. Rows of k elements
/// are then the columns of its operands, which makes it "TN", the only form that FP8 has on Hopper.
struct MatmulProblem {
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;
  Precision precision = Precision::bf16;
  GemmPass pass = GemmPass::forward;
  std::int64_t pitch = 0;       // of a and b
  int sms = 0;                  // to plan for; 0: all
  std::size_t alignment = 256;  // of all operands, in bytes; what cudaMalloc gives
};

/// The formats that a product can be made of here.
[[nodiscard]] bool cublaslt_multiplies(Precision precision);

/// Where a product's operands are.
struct MatmulOperands {
  const void* a = nullptr;
  const void* b = nullptr;
  const float* a_scales = nullptr;
  const float* b_scales = nullptr;
  void* d = nullptr;
};

/// A problem in cuBLASLt's own objects, in its order: `first` is of b, `second` of a.
struct MatmulDescription {
  CublasLtOperation operation;
  CublasLtLayout first, second, result;
  CublasLtPreference preference;
};

/// Needs the library, but no GPU.
[[nodiscard]] MatmulDescription describe_matmul(const CublasLtApi& api,
                                                const MatmulProblem& problem);

/// A product with the algorithm that the library's heuristics put first, as PyTorch and Transformer
/// Engine take it.
class CublasLtMatmul {
 public:
  /// Throws Unavailable if there is no algorithm. The context must outlive this. `candidates`: how
  /// many of the heuristics' algorithms to keep.
  CublasLtMatmul(CublasLtContext& context, const MatmulProblem& problem, int candidates = 1);

  [[nodiscard]] std::size_t candidates() const { return algorithms_.size(); }
  /// Takes another one of them.
  void choose(std::size_t candidate);
  void run(const MatmulOperands& operands, Stream stream);

 private:
  void set_scales(const void* a_scales, const void* b_scales);

  CublasLtContext* context_;
  MatmulDescription product_;
  bool scaled_ = false;
  float beta_ = 0;
  std::vector<cublasLtMatmulHeuristicResult_t> algorithms_;
  std::size_t chosen_ = 0;
};

}  // namespace fleetwright::gpu
