#include "profiles/time_models/roofline.hpp"

#include <algorithm>
#include <cmath>

#include "models/core/overloaded.hpp"

namespace fleetwright {
namespace {

constexpr double tile_rows = 128;

// Products of `rows` by `columns` (per group) summing over `depth` each.
Seconds tiled_time(double groups, double rows, double columns, double depth,
                   const Ceilings& ceilings, double sms) {
  const FlopPerSecond per_sm = ceilings.tensor / ceilings.sms;
  Seconds best{HUGE_VAL};
  for (double width = 64; width <= 256; width += 16) {
    const double tiles = groups * std::ceil(rows / tile_rows) * std::ceil(columns / width);
    const double waves = std::ceil(tiles / sms);
    best = std::min(best, waves * (Flop{2 * tile_rows * width * depth} / per_sm));
  }
  return best;
}

Seconds product_time(double groups, double m, double n, double k, GemmPass pass,
                     const Ceilings& ceilings, double sms) {
  if (pass == GemmPass::weight_gradient) return tiled_time(groups, m, n, k / groups, ceilings, sms);
  return tiled_time(groups, m / groups, n, k, ceilings, sms);
}

// Rows of all heads with which every SM has several blocks of 128: more take so much longer.
constexpr double busy_rows = 128 * 1024;

}  // namespace

Seconds roofline_time(const Operator& op, const Ceilings& ceilings, double sms) {
  const Seconds memory = bytes(op) / ceilings.memory;
  const Seconds compute = std::visit(
      Overloaded{
          [&](const Gemm& g) { return product_time(1, g.m, g.n, g.k, g.pass, ceilings, sms); },
          [&](const GroupedGemm& g) {
            return product_time(g.groups, g.m, g.n, g.k, g.pass, ceilings, sms);
          },
          [&](const Attention&) { return flop(op) / (ceilings.tensor * (sms / ceilings.sms)); },
          [](const auto&) { return Seconds{0}; }},
      op);
  return std::max(compute, memory);
}

std::array<double, 4> shape_coordinates(const Operator& op) {
  const auto logs = [](double a, double b, double c, double d) {
    return std::array{std::log(std::max(a, 1.0)), std::log(std::max(b, 1.0)),
                      std::log(std::max(c, 1.0)), std::log(std::max(d, 1.0))};
  };
  return std::visit(Overloaded{[&](const Gemm& g) { return logs(g.m, g.n, g.k, 1); },
                               [&](const GroupedGemm& g) {
                                 const bool weight = g.pass == GemmPass::weight_gradient;
                                 return logs(weight ? g.m : g.m / g.groups, g.n,
                                             weight ? g.k / g.groups : g.k, g.groups);
                               },
                               [&](const Attention& a) {
                                 const double seen =
                                     a.window > 0 ? std::min(a.window, a.queries) : a.queries;
                                 const double rows = a.batch * a.heads * a.queries;
                                 return logs(seen, std::min(rows, busy_rows), a.d_qk, a.d_v);
                               },
                               [&](const auto&) { return logs(bytes(op).si(), 1, 1, 1); }},
                    op);
}

}  // namespace fleetwright
