#include "profiles/gpu/run/sized_problem.hpp"

#include <algorithm>
#include <cmath>

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/libraries/even_parts.hpp"

namespace fleetwright::gpu {
namespace {

using hopper::Fp8Problem;
using hopper::Grouping;

constexpr double most = 1 << 30;

bool takes(GemmPass pass, double m, double n, double k) {
  const double n_unit = pass == GemmPass::forward ? 8 : 4;
  return m >= 1 && is_multiple(n, n_unit) && k >= 1 && m < most && n < most && k < most;
}

int count(double x) { return static_cast<int>(std::llround(x)); }

std::optional<SizedProblem> whole_problem(const Gemm& g) {
  if (g.precision != Precision::fp8_block || !takes(g.pass, g.m, g.n, g.k) ||
      !is_multiple(g.k, 16)) {
    return std::nullopt;
  }
  return SizedProblem{{g.pass, Grouping::whole, 1, count(g.m), count(g.n), count(g.k)}, {}};
}

std::optional<SizedProblem> grouped_problem(const GroupedGemm& g) {
  if (g.precision != Precision::fp8_block || g.groups < 1 || !takes(g.pass, g.m, g.n, g.k)) {
    return std::nullopt;
  }
  const bool forward = g.pass == GemmPass::forward;
  if (forward && !is_multiple(g.k, 16)) return std::nullopt;
  const int unit = forward ? 1 : scale_group;
  const int rows = std::max(1, count((forward ? g.m : g.k) / unit)) * unit;
  SizedProblem p;
  p.problem = {g.pass,          forward ? Grouping::contiguous : Grouping::along_k,
               count(g.groups), forward ? rows : count(g.m),
               count(g.n),      forward ? count(g.k) : rows};
  for (const std::int64_t size : even_parts(rows, p.problem.groups, unit)) {
    p.sizes.push_back(static_cast<std::int32_t>(size));
  }
  return p;
}

}  // namespace

std::optional<SizedProblem> sized_problem(const Operator& op) {
  if (const auto* g = std::get_if<Gemm>(&op)) return whole_problem(*g);
  if (const auto* g = std::get_if<GroupedGemm>(&op)) return grouped_problem(*g);
  return std::nullopt;
}

}  // namespace fleetwright::gpu
