#pragma once

#include "sim/network.hpp"

namespace fleetwright {

/// All NICs meet in one switch that never binds.
class IdealSwitch : public Network {
 public:
  IdealSwitch() { places_.resize(1); }

  [[nodiscard]] int place_of(int /*nic*/) const override { return 0; }
  [[nodiscard]] bool connects(int /*from*/, int /*to*/) const override { return true; }
  [[nodiscard]] Way way(int /*from*/, int /*to*/) const override { return {}; }
  [[nodiscard]] std::vector<LinkId> route(int /*from*/, int /*to*/,
                                          std::uint64_t /*flow*/) const override {
    return {};
  }
  [[nodiscard]] std::vector<LinkId> way_up(int /*nic*/, std::uint64_t /*flow*/) const override {
    return {};
  }
  [[nodiscard]] std::vector<LinkId> way_down(int /*nic*/, std::uint64_t /*flow*/) const override {
    return {};
  }
};

}  // namespace fleetwright
