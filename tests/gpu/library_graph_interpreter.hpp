#pragma once

// Computes a cuDNN graph in double precision, as cuDNN's documentation defines its operations: so
// that what a graph computes is tested where there is no GPU. Elements that nothing wrote are NaN.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <stdexcept>
#include <vector>

#include "profiles/gpu/libraries/cudnn_graph.hpp"

namespace fleetwright::gpu {

class GraphInterpreter {
 public:
  /// `memory` has the tensors in memory, in the order of their addresses.
  GraphInterpreter(const Graph& graph, const std::map<TensorId, std::vector<double>>& memory)
      : graph_(graph) {
    for (TensorId id = 0; id < graph.tensors.size(); ++id) {
      const GraphTensor& t = graph.tensors[id];
      std::size_t last = 0;
      for (std::size_t d = 0; d < t.size.size(); ++d) {
        last += static_cast<std::size_t>((t.size[d] - 1) * t.stride[d]);
      }
      buffers_.emplace_back(last + 1, std::numeric_limits<double>::quiet_NaN());
      if (t.value) buffers_[id][0] = static_cast<double>(*t.value);
      if (const auto given = memory.find(id); given != memory.end()) {
        if (given->second.size() != last + 1) throw std::logic_error("memory of another size");
        buffers_[id] = given->second;
      }
    }
    for (const GraphNode& node : graph.nodes) {
      std::visit([this](const auto& n) { compute(n); }, node);
    }
  }

  [[nodiscard]] const std::vector<double>& memory(TensorId id) const { return buffers_.at(id); }

 private:
  using Index = std::vector<std::int64_t>;

  [[nodiscard]] const Extents& size(TensorId id) const { return graph_.tensors[id].size; }

  // Dimensions with fewer elements than the index counts: one is repeated, others are shared by
  // neighbours.
  [[nodiscard]] std::int64_t offset(TensorId id, const Index& index, const Extents& counted) const {
    const GraphTensor& t = graph_.tensors[id];
    std::int64_t offset = 0;
    for (std::size_t d = 0; d < index.size(); ++d) {
      offset += index[d] * t.size[d] / counted[d] * t.stride[d];
    }
    return offset;
  }
  double& at(TensorId id, std::int64_t offset) {
    return buffers_[id].at(static_cast<std::size_t>(offset));
  }
  double& at(TensorId id, const Index& index, const Extents& counted) {
    return at(id, offset(id, index, counted));
  }
  double& at(TensorId id, const Index& index) { return at(id, index, size(id)); }

  template <typename F>
  static void for_each(const Extents& size, F f) {
    Index index(size.size(), 0);
    for (std::size_t d = size.size(); d > 0;) {
      f(index);
      for (d = size.size(); d > 0; --d) {
        if (++index[d - 1] < size[d - 1]) break;
        index[d - 1] = 0;
      }
    }
  }

  void compute(const MatmulNode& n) {
    const std::size_t row = size(n.c).size() - 2, column = row + 1;
    Extents a_counted = size(n.c), b_counted = size(n.c);
    const std::int64_t sum_over = a_counted[column] = b_counted[row] = size(n.a)[column];
    const std::int64_t a_step = graph_.tensors[n.a].stride[column],
                       b_step = graph_.tensors[n.b].stride[row];
    for_each(size(n.c), [&](const Index& i) {
      Index a = i, b = i;
      a[column] = b[row] = 0;
      const std::int64_t a_first = offset(n.a, a, a_counted), b_first = offset(n.b, b, b_counted);
      double sum = 0;
      for (std::int64_t k = 0; k < sum_over; ++k) {
        sum += at(n.a, a_first + k * a_step) * at(n.b, b_first + k * b_step);
      }
      at(n.c, i) = sum;
    });
  }

  void compute(const PointwiseNode& n) {
    for_each(size(n.y), [&](const Index& i) {
      const double x = at(n.x, i, size(n.y));
      const double b = n.b ? at(*n.b, i, size(n.y)) : 0;
      double& y = at(n.y, i);
      switch (n.op) {
        case PointwiseOp::multiply:
          y = x * b;
          break;
        case PointwiseOp::add:
          y = x + b;
          break;
        case PointwiseOp::subtract:
          y = x - b;
          break;
        case PointwiseOp::divide:
          y = x / b;
          break;
        case PointwiseOp::exponential:
          y = std::exp(x);
          break;
        case PointwiseOp::logarithm:
          y = std::log(x);
          break;
        case PointwiseOp::identity:
          y = x;
          break;
        case PointwiseOp::index:
          y = static_cast<double>(i[static_cast<std::size_t>(n.axis)]);
          break;
        case PointwiseOp::greater_or_equal:
          y = x >= b ? 1 : 0;
          break;
        case PointwiseOp::select:
          y = at(*n.choice, i, size(n.y)) != 0 ? x : b;
          break;
      }
    });
  }

  void compute(const ReductionNode& n) {
    const bool sums = n.op == ReductionOp::sum;
    for_each(size(n.y), [&](const Index& i) {
      at(n.y, i) = sums ? 0 : -std::numeric_limits<double>::infinity();
    });
    for_each(size(n.x), [&](const Index& i) {
      double& y = at(n.y, i, size(n.x));
      y = sums ? y + at(n.x, i) : std::max(y, at(n.x, i));
    });
  }

  void compute(const ViewNode& n) { buffers_[n.y] = buffers_[n.x]; }

  void compute(const ExpertMatmulNode& n) {
    const std::int64_t experts = size(n.weights)[0], rows = size(n.tokens)[1];
    for_each(size(n.result), [&](const Index& i) {
      std::int64_t expert = 0;
      while (expert + 1 < experts &&
             at(n.first_row, {expert + 1, 0, 0}) <= static_cast<double>(i[1])) {
        ++expert;
      }
      double sum = 0;
      for (std::int64_t k = 0; k < size(n.tokens)[2]; ++k) {
        sum += at(n.tokens, {0, i[1], k}) * at(n.weights, {expert, k, i[2]});
      }
      if (i[1] < rows) at(n.result, i) = sum;
    });
  }

  const Graph& graph_;
  std::vector<std::vector<double>> buffers_;
};

}  // namespace fleetwright::gpu
