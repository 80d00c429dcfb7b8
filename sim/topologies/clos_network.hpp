#pragma once

#include <memory>

#include "sim/network.hpp"
#include "sim/topologies/clos_plan.hpp"

namespace fleetwright {

/// The links of a fat tree: cable by cable where paths are hashed or fixed, and else bundles, of
/// which those that cannot bind are left out.
[[nodiscard]] std::shared_ptr<const Network> make_clos(const ClosPlan& plan,
                                                       const Cluster& cluster);

/// What the networks of a fat tree have in common.
class ClosNetwork : public Network {
 public:
  explicit ClosNetwork(const ClosPlan& plan) : plan_(plan) {}

  [[nodiscard]] bool connects(int from, int to) const override {
    return plan_.layout.plane_of(from) == plan_.layout.plane_of(to);
  }
  [[nodiscard]] Way way(int from, int to) const override;

 protected:
  ClosPlan plan_;
};

[[nodiscard]] std::shared_ptr<const Network> make_clos_bundles(const ClosPlan& plan,
                                                               const Cluster& cluster);
[[nodiscard]] std::shared_ptr<const Network> make_clos_cables(const ClosPlan& plan,
                                                              const Cluster& cluster);

}  // namespace fleetwright
