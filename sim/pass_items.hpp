#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/op_graph.hpp"
#include "profiles/operator_time.hpp"
#include "profiles/software_stack.hpp"

namespace fleetwright {

/// Time of a stretch of kernels by kind of operator, with where each time comes from.
struct WorkShare {
  std::string what;    // "experts up", "all_gather tensor"
  std::string kernel;  // its kernel_name; empty for a transfer
  Seconds time;
  Provenance provenance;
  bool matrix = false;  // products and attention: bound by tensor cores, not by memory
};

/// A stretch of kernels without communication between them, or one collective.
struct PassItem {
  bool is_collective = false;
  CollectiveCall call;  // of a collective
  Seconds time;         // of kernels, with the pauses between them
  Seconds host;         // time to launch them
  Seconds expert_time;  // the part of it that grows with the tokens that arrive at the experts
  std::vector<WorkShare> shares;
  bool weight_gradient = false;  // nothing later in the pass waits for it
  int layer = -1;
  LayerBlock block = LayerBlock::attention;
};

/// A pass as its rank's streams see it. Weight gradients stand right behind a collective that they
/// may run beside: a tensor-parallel one (as Megatron does), an expert-parallel one where
/// `beside_experts` (as DualPipe does). `splits_layers`: no stretch of kernels crosses from one
/// layer into another. Times are those of kernels that never wait for the host.
[[nodiscard]] std::vector<PassItem> pass_items(const OpGraph& graph, const OperatorTimeModel& times,
                                               const KernelContext& context,
                                               const SoftwareStack& stack, bool beside_experts,
                                               bool splits_layers = false);

}  // namespace fleetwright
