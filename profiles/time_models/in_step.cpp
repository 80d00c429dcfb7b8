#include "profiles/time_models/in_step.hpp"

#include <fmt/core.h>

#include <utility>

namespace fleetwright {

InStepTimeModel::InStepTimeModel(std::unique_ptr<OperatorTimeModel> alone,
                                 const Accelerator& accelerator, const SoftwareStack& stack)
    : alone_(std::move(alone)), slowdown_(stack.in_step_slowdown.value) {
  const Provenance& of_stack = stack.in_step_slowdown.provenance;
  if (accelerator.in_step_slowdown) slowdown_ *= accelerator.in_step_slowdown->value;
  if (slowdown_ == 1) return;
  origin_ = fmt::format(", x {:.3g} in a step ({})", slowdown_, of_stack.source);
}

OperatorTime InStepTimeModel::time(const Operator& op, const KernelContext& context) const {
  OperatorTime time = alone_->time(op, context);
  time.time *= slowdown_;
  if (time.time > Seconds{0}) time.provenance.source += origin_;
  return time;
}

}  // namespace fleetwright
