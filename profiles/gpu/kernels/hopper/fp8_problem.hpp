#pragma once

#include "models/operators.hpp"
#include "profiles/gpu/kernels/hopper/tensor_box.hpp"
#include "profiles/gpu/kernels/hopper/tile_schedule.hpp"

namespace fleetwright::gpu::hopper {

/// Products d = a b^T of E4M3 operands; scales lie as scale_layout.hpp says.
///
/// Forward and input gradient (whole, contiguous, masked): a [rows, k] with scales of 1x128, rows
/// as Grouping says (masked: groups * m); b [groups, n, k] with scales of 128x128, group after
/// group; d [rows, n] BF16. Weight gradient (whole, along_k): a [m, k], b [n, k], both with scales
/// of 1x128; d [groups, m, n] FP32, to which is added.
struct Fp8Problem {
  GemmPass pass = GemmPass::forward;
  Grouping grouping = Grouping::whole;
  int groups = 1;
  int m = 0;  // as TileSchedule
  int n = 0;  // a multiple of 8 (weight gradient: of 4)
  int k = 0;  // a multiple of 16

  /// Rows of a and, forward, of d.
  [[nodiscard]] std::int64_t rows() const;
  /// Rows of b.
  [[nodiscard]] std::int64_t columns() const;
  [[nodiscard]] std::int64_t a_scales() const;
  [[nodiscard]] std::int64_t b_scales() const;
  [[nodiscard]] std::int64_t results() const;
};

/// Throws Error with what the kernel does not take.
void check_fp8_problem(const Fp8Problem& problem);

struct Fp8Pointers {
  const void* a = nullptr;
  const void* b = nullptr;
  const void* a_scales = nullptr;
  const void* b_scales = nullptr;
  const void* d = nullptr;
};

/// What the accelerator moves at once. b: the share of a block of the cluster. b_scales: of the
/// weight gradient only.
struct Fp8Boxes {
  TensorBox a, b, a_scales, b_scales, d;
};
struct Fp8Plan;
[[nodiscard]] Fp8Boxes fp8_boxes(const Fp8Problem& problem, const Fp8Plan& plan,
                                 const Fp8Pointers& pointers);

[[nodiscard]] TileSchedule fp8_schedule(const Fp8Problem& problem, const Fp8Plan& plan,
                                        const std::int32_t* sizes);

}  // namespace fleetwright::gpu::hopper
