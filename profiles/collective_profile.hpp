#pragma once

#include <map>
#include <string>
#include <vector>

#include "profiles/accelerator.hpp"
#include "profiles/link.hpp"
#include "profiles/operator_time.hpp"
#include "profiles/profile_store.hpp"

namespace fleetwright {

/// How long collectives inside one scale-up domain take: measured curves of time against message
/// size. An accelerator without curves takes those of a relative: the same latency, and bandwidth
/// in proportion to what the two links achieve.
class CollectiveProfile {
 public:
  CollectiveProfile(const Accelerator& accelerator,
                    const std::map<std::string, Accelerator>& accelerators,
                    const std::map<std::string, Link>& links, const ProfileStore& store);

  /// all_reduce, all_gather or reduce_scatter of `bytes` (as in CollectiveCall) over `ranks` GPUs.
  /// Without any curve: what the link achieves, and its latency.
  [[nodiscard]] OperatorTime time(CollectiveKind kind, int ranks, Bytes bytes) const;

 private:
  struct Curve {
    int ranks = 0;
    std::vector<std::pair<double, double>> points;  // log bytes, log seconds; ascending
    std::string source;
    [[nodiscard]] double seconds(double bytes) const;
  };

  [[nodiscard]] static std::vector<Curve> curves_of(const AcceleratorProfile& profile,
                                                    std::string_view collective);

  Link link_;
  double donor_bandwidth_ratio_ = 1;  // what our link achieves over the donor's
  std::string donor_;
  bool own_ = true;
  std::map<std::string, std::vector<Curve>> curves_;  // by collective
};

/// Bytes that cross each GPU's port one way, over bytes of the collective: nccl-tests' bus
/// bandwidth factor, (n-1)/n or twice that for an all-reduce.
[[nodiscard]] double traffic_factor(CollectiveKind kind, double ranks);

}  // namespace fleetwright
