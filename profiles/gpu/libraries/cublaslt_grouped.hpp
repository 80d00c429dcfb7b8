#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/operators.hpp"
#include "profiles/gpu/libraries/cublaslt_matmul.hpp"

namespace fleetwright::gpu {

/// Of what the rows of an expert must be a multiple here: scales of FP8 weight gradients are of 128
/// rows, and FP8 operands of 16 elements.
[[nodiscard]] std::int64_t row_unit(Precision precision, GemmPass pass);

/// The products of all experts, one after another on one stream: cuBLASLt has no grouped product on
/// Hopper. The rows are split evenly, after rounding their number to whole units.
/// - Forward: a[m, k] with the rows in expert order, b[groups, n, k], d[m, n].
/// - Weight gradient: a and b as for one product over all k rows, d[groups, m, n].
/// Scales of the rows of a (forward) lie expert after expert, each as of one product.
class CublasLtGroupedMatmul {
 public:
  /// Throws Unavailable. The context must outlive this.
  CublasLtGroupedMatmul(CublasLtContext& context, const GroupedGemm& op, int sms);

  [[nodiscard]] const std::vector<std::int64_t>& rows() const { return rows_; }
  void run(const MatmulOperands& operands, Stream stream);

 private:
  /// What one expert's operands begin at, in bytes and in scales.
  struct Offsets {
    std::size_t a = 0, b = 0, d = 0, a_scales = 0, b_scales = 0;
  };
  [[nodiscard]] Offsets offsets(std::int64_t expert, std::int64_t first_row) const;
  [[nodiscard]] MatmulProblem problem(std::int64_t rows) const;

  MatmulProblem whole_;
  std::vector<std::int64_t> rows_;
  std::map<std::int64_t, CublasLtMatmul> products_;  // by an expert's rows
};

}  // namespace fleetwright::gpu
