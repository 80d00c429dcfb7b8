#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/model_config.hpp"
#include "profiles/accelerator.hpp"
#include "profiles/link.hpp"
#include "profiles/profile_store.hpp"
#include "profiles/software_stack.hpp"

namespace fleetwright {

/// Bytes of an expert-parallel dispatch or combine of one GPU's tokens, over the bytes of one copy
/// of them. A token crosses to each node once, to the GPU of the sender's rail, and is forwarded to
/// the other GPUs that need it inside the node (DeepSeek-V3, arXiv 2412.19437, section 3.2.2).
struct ExpertTraffic {
  double scale_out = 0;  // copies through the NIC
  double scale_up = 0;   // copies through the scale-up port
};

/// `ranks` GPUs on nodes of `ranks_per_node`; balanced routing.
[[nodiscard]] ExpertTraffic expert_traffic(const MixtureOfExperts& moe, int ranks,
                                           int ranks_per_node);

/// What share of the achievable link rate expert-parallel kernels reach, as measured.
class ExpertParallelProfile {
 public:
  ExpertParallelProfile(const Accelerator& accelerator, const SoftwareStack& stack,
                        const std::map<std::string, Accelerator>& accelerators,
                        const std::map<std::string, Link>& links, const ProfileStore& store);

  /// Of the NIC where `nodes` > 1, else of the scale-up port; of the nearest measured node count
  /// with the stack's number of SMs, and of the largest message there: what small ones lose to
  /// latency is not the links'. 1 where nobody measured.
  [[nodiscard]] Sourced<double> efficiency(CollectiveKind operation, int nodes) const;

 private:
  struct Point {
    std::string operation;
    int nodes = 1;
    double sms = 0;
    double tokens = 0;
    std::size_t table = 0;  // library and accelerator, in order of preference
    double efficiency = 1;
    Provenance provenance;
  };

  std::vector<Point> points_;
  double sms_ = 0;
};

}  // namespace fleetwright
