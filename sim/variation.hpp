#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fleetwright {

/// How the tokens of a step fall on the experts, where not evenly.
struct ExpertSkew {
  enum class Kind : std::uint8_t { none, normal, zipf, counts };
  Kind kind = Kind::none;
  double deviation = 0;  // normal: of the load of a GPU, over its mean; drawn for each layer and
                         // micro-batch
  double exponent = 0;   // zipf: of the popularity of a layer's experts, the same all through
  std::vector<std::vector<double>> tokens;  // counts: of each expert of each layer, as counted
};

/// A node whose kernels take `factor` times as long.
struct SlowNode {
  int node = 0;
  double factor = 1;
};

/// A link of the fabric, by name, that carries 1/factor of its bandwidth.
struct SlowLink {
  std::string link;
  double factor = 1;
};

/// How the parts of a cluster differ from one another, and a step from the next.
struct Variation {
  std::uint64_t seed = 1;
  /// Deviation of the time of a stretch of kernels on one GPU, over its mean; drawn each time.
  double kernel_jitter = 0;
  /// Deviation of the time that a GPU takes for all its kernels; drawn once for each GPU.
  double clock_spread = 0;
  std::vector<SlowNode> slow_nodes;
  std::vector<SlowLink> slow_links;
  ExpertSkew experts;

  /// Whether columns differ at random, so that one cannot stand for others.
  [[nodiscard]] bool is_random() const {
    return kernel_jitter > 0 || clock_spread > 0 || experts.kind == ExpertSkew::Kind::normal;
  }
  [[nodiscard]] bool is_even() const {
    return !is_random() && slow_nodes.empty() && slow_links.empty() &&
           experts.kind == ExpertSkew::Kind::none;
  }
};

}  // namespace fleetwright
