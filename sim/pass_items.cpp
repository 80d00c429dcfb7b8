#include "sim/pass_items.hpp"

#include <algorithm>
#include <iterator>

namespace fleetwright {
namespace {

bool is_matrix(const Operator& op) {
  return std::holds_alternative<Gemm>(op) || std::holds_alternative<GroupedGemm>(op) ||
         std::holds_alternative<Attention>(op);
}

Seconds host_time_of(const Operator& op, const SoftwareStack& stack) {
  const bool grouped = std::holds_alternative<GroupedGemm>(op) && stack.grouped_kernels.value;
  const double further = grouped ? 0 : kernels(op) - 1;
  return stack.operator_launch.value + further * stack.kernel_launch.value;
}

void add_kernel(PassItem& item, const OpNode& node, const OperatorTime& time, Seconds gap) {
  item.time += time.time + gap;
  if (std::holds_alternative<GroupedGemm>(node.op)) item.expert_time += time.time;
  for (WorkShare& share : item.shares) {
    if (share.what == node.name && share.provenance == time.provenance) {
      share.time += time.time + gap;
      return;
    }
  }
  item.shares.push_back({std::string(node.name), std::string(kernel_name(node.op)), time.time + gap,
                         time.provenance, is_matrix(node.op)});
}

// Whether a weight gradient may run while this collective does: always beside tensor-parallel ones
// (as Megatron does), beside expert-parallel ones where passes are interleaved.
bool runs_beside(const PassItem& collective, bool beside_experts) {
  switch (collective.call.group) {
    case CommunicationGroup::tensor:
      return true;
    case CommunicationGroup::expert:
      return beside_experts;
    default:
      return false;
  }
}

/// Deals the operators of a pass into items.
class Dealer {
 public:
  Dealer(const OperatorTimeModel& times, const KernelContext& context, const SoftwareStack& stack,
         bool beside_experts, bool splits_layers)
      : times_(times),
        context_(context),
        stack_(stack),
        beside_experts_(beside_experts),
        splits_layers_(splits_layers) {}

  void deal(const OpNode& node) {
    if (const auto* call = std::get_if<CollectiveCall>(&node.op)) {
      PassItem item = item_of(node);
      item.is_collective = true;
      item.call = *call;
      const bool beside = runs_beside(item, beside_experts_);
      items_.push_back(std::move(item));
      if (beside) place_waiting();
      return;
    }
    if (node.weight_gradient) {
      deal_weight_gradient(node);
      return;
    }
    const bool continues = !items_.empty() && !items_.back().is_collective &&
                           !items_.back().weight_gradient &&
                           (!splits_layers_ || same_unit(items_.back(), node));
    if (!continues) items_.push_back(item_of(node));
    add(items_.back(), node);
  }

  std::vector<PassItem> finish() {
    place_waiting();
    return std::move(items_);
  }

 private:
  static PassItem item_of(const OpNode& node) {
    PassItem item;
    item.layer = node.layer;
    item.block = node.block;
    item.weight_gradient = node.weight_gradient;
    return item;
  }

  void add(PassItem& item, const OpNode& node) {
    add_kernel(item, node, times_.time(node.op, context_), stack_.kernel_gap.value);
    item.host += host_time_of(node.op, stack_);
  }

  static bool same_unit(const PassItem& item, const OpNode& node) {
    const auto ends = [](LayerBlock b) {
      return b == LayerBlock::embedding || b == LayerBlock::head ? static_cast<int>(b) : -1;
    };
    return item.layer == node.layer && ends(item.block) == ends(node.block);
  }

  void place_waiting() {
    std::ranges::move(waiting_, std::back_inserter(items_));
    waiting_.clear();
  }

  // A block's weight gradient is dealt after its input gradient. It belongs behind the last
  // collective of the block that it may run beside; if there is none, it waits for the next such
  // collective.
  void deal_weight_gradient(const OpNode& node) {
    const auto same_block = [&](const PassItem& item) {
      return item.layer == node.layer && item.block == node.block;
    };
    const auto own = std::ranges::find_if(
        items_, [&](const PassItem& item) { return item.weight_gradient && same_block(item); });
    const auto held = std::ranges::find_if(waiting_, same_block);
    PassItem* item = own != items_.end() ? &*own : held != waiting_.end() ? &*held : nullptr;
    if (item == nullptr) item = &place(node, same_block);
    add(*item, node);
  }

  template <typename SameBlock>
  PassItem& place(const OpNode& node, SameBlock same_block) {
    for (auto at = items_.end(); at != items_.begin(); --at) {
      const PassItem& before = *(at - 1);
      if (!before.is_collective || !same_block(before)) continue;
      if (!runs_beside(before, beside_experts_)) break;
      return *items_.insert(at, item_of(node));
    }
    std::vector<PassItem>& where = beside_experts_ ? waiting_ : items_;
    where.push_back(item_of(node));
    return where.back();
  }

  const OperatorTimeModel& times_;
  KernelContext context_;
  const SoftwareStack& stack_;
  bool beside_experts_;
  bool splits_layers_;
  std::vector<PassItem> items_;
  std::vector<PassItem> waiting_;
};

}  // namespace

std::vector<PassItem> pass_items(const OpGraph& graph, const OperatorTimeModel& times,
                                 const KernelContext& context, const SoftwareStack& stack,
                                 bool beside_experts, bool splits_layers) {
  Dealer dealer(times, context, stack, beside_experts, splits_layers);
  for (const OpNode& node : graph.nodes()) dealer.deal(node);
  return dealer.finish();
}

}  // namespace fleetwright
