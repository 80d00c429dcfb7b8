#include "profiles/gpu/libraries/cublaslt_grouped.hpp"

#include <algorithm>
#include <cmath>

#include "profiles/gpu/kernels/scale_layout.hpp"
#include "profiles/gpu/libraries/even_parts.hpp"

namespace fleetwright::gpu {
namespace {

bool sums_over_rows(const MatmulProblem& p) { return p.pass == GemmPass::weight_gradient; }

// The largest power of two, up to what cudaMalloc gives, that divides all.
std::size_t alignment_of(std::size_t offsets) {
  constexpr std::size_t most = 256;
  return offsets == 0 ? most : std::min(most, offsets & ~(offsets - 1));
}

template <typename T>
T* moved(T* pointer, std::size_t by) {
  return pointer == nullptr ? nullptr : pointer + by;
}

}  // namespace

std::int64_t row_unit(Precision precision, GemmPass pass) {
  if (precision == Precision::bf16 || precision == Precision::fp16) return 1;
  return precision == Precision::fp8_block && pass == GemmPass::weight_gradient ? scale_group : 16;
}

CublasLtGroupedMatmul::CublasLtGroupedMatmul(CublasLtContext& context, const GroupedGemm& op,
                                             int sms) {
  whole_ = {std::llround(op.m), std::llround(op.n), std::llround(op.k), op.precision, op.pass};
  whole_.sms = sms;
  const std::int64_t unit = row_unit(op.precision, op.pass);
  std::int64_t& rows = sums_over_rows(whole_) ? whole_.k : whole_.m;
  rows = std::max<std::int64_t>(1, (rows + unit / 2) / unit) * unit;
  rows_ = even_parts(rows, std::llround(op.groups), unit);
  std::size_t all_offsets = 0;
  std::int64_t first = 0;
  for (std::size_t e = 0; e < rows_.size(); ++e) {
    const Offsets o = offsets(static_cast<std::int64_t>(e), first);
    all_offsets |= o.a | o.b | o.d;
    first += rows_[e];
  }
  whole_.alignment = alignment_of(all_offsets);
  for (const std::int64_t own : rows_) {
    if (own > 0 && !products_.contains(own)) {
      products_.emplace(own, CublasLtMatmul(context, problem(own)));
    }
  }
}

MatmulProblem CublasLtGroupedMatmul::problem(std::int64_t rows) const {
  MatmulProblem p = whole_;
  if (!sums_over_rows(p)) {
    p.m = rows;
    return p;
  }
  p.k = rows;
  // The transposed operands of FP8 keep the rows of all experts side by side.
  if (bytes_per_element(p.precision) == 1) p.pitch = whole_.k;
  return p;
}

CublasLtGroupedMatmul::Offsets CublasLtGroupedMatmul::offsets(std::int64_t expert,
                                                              std::int64_t first_row) const {
  const auto element = static_cast<std::size_t>(bytes_per_element(whole_.precision));
  const auto m = static_cast<std::size_t>(whole_.m), n = static_cast<std::size_t>(whole_.n),
             k = static_cast<std::size_t>(whole_.k), e = static_cast<std::size_t>(expert),
             row = static_cast<std::size_t>(first_row);
  const bool scaled = whole_.precision == Precision::fp8_block;
  const auto scales = [scaled](int count) { return static_cast<std::size_t>(scaled ? count : 0); };
  Offsets o;
  if (!sums_over_rows(whole_)) {
    o.a = row * k * element;
    o.b = e * n * k * element;
    o.d = row * n * 2;  // bytes of BF16 and FP16
    o.a_scales = scales(scales_1x128(static_cast<int>(row), static_cast<int>(k)));
    o.b_scales = e * scales(scales_128x128(static_cast<int>(n), static_cast<int>(k)));
    return o;
  }
  const bool rows_lie_side_by_side = element == 1;
  o.a = row * (rows_lie_side_by_side ? 1 : m) * element;
  o.b = row * (rows_lie_side_by_side ? 1 : n) * element;
  o.d = e * m * n * sizeof(float);
  o.a_scales = scales(scales_1x128(static_cast<int>(m), static_cast<int>(row)));
  o.b_scales = scales(scales_1x128(static_cast<int>(n), static_cast<int>(row)));
  return o;
}

void CublasLtGroupedMatmul::run(const MatmulOperands& operands, Stream stream) {
  std::int64_t first = 0;
  for (std::size_t e = 0; e < rows_.size(); ++e) {
    const Offsets o = offsets(static_cast<std::int64_t>(e), first);
    first += rows_[e];
    if (rows_[e] == 0) continue;
    MatmulOperands one;
    one.a = static_cast<const std::byte*>(operands.a) + o.a;
    one.b = static_cast<const std::byte*>(operands.b) + o.b;
    one.d = static_cast<std::byte*>(operands.d) + o.d;
    one.a_scales = moved(operands.a_scales, o.a_scales);
    one.b_scales = moved(operands.b_scales, o.b_scales);
    products_.at(rows_[e]).run(one, stream);
  }
}

}  // namespace fleetwright::gpu
