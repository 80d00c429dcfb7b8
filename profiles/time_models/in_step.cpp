#include "profiles/time_models/in_step.hpp"

#include <fmt/core.h>

#include <utility>

namespace fleetwright {
namespace {

bool only_experts_have(const Operator& op) {
  return std::holds_alternative<GroupedGemm>(op) || std::holds_alternative<Permute>(op) ||
         std::holds_alternative<ExpertMapping>(op) || std::holds_alternative<Router>(op);
}

}  // namespace

InStepTimeModel::InStepTimeModel(std::unique_ptr<OperatorTimeModel> alone,
                                 const Accelerator& accelerator, const SoftwareStack& stack)
    : alone_(std::move(alone)),
      of_chip_(accelerator.in_step_slowdown ? accelerator.in_step_slowdown->value : 1),
      of_stack_(stack.in_step_slowdown.value),
      of_experts_(of_stack_ * stack.expert_slowdown.value),
      source_(stack.in_step_slowdown.provenance.source) {}

OperatorTime InStepTimeModel::time(const Operator& op, const KernelContext& context) const {
  OperatorTime time = alone_->time(op, context);
  const double slowdown =
      (only_experts_have(op) ? of_experts_ : of_stack_) * (time.in_step ? 1 : of_chip_);
  if (slowdown == 1 || time.time == Seconds{0}) return time;
  time.time *= slowdown;
  time.provenance.source += fmt::format(", x {:.3g} in a step ({})", slowdown, source_);
  return time;
}

}  // namespace fleetwright
