#pragma once

#include <memory>
#include <string>

#include "profiles/accelerator.hpp"
#include "profiles/operator_time.hpp"
#include "profiles/software_stack.hpp"

namespace fleetwright {

/// Kernels inside a training step: those alone, times the slowdowns of the accelerator and of the
/// software stack (`in_step_slowdown` of each; `expert_slowdown` for what only experts have). Times
/// that were recorded in a step hold the accelerator's already.
class InStepTimeModel final : public OperatorTimeModel {
 public:
  InStepTimeModel(std::unique_ptr<OperatorTimeModel> alone, const Accelerator& accelerator,
                  const SoftwareStack& stack);

  [[nodiscard]] OperatorTime time(const Operator& op, const KernelContext& context) const override;

 private:
  std::unique_ptr<OperatorTimeModel> alone_;
  double of_chip_;
  double of_stack_;
  double of_experts_;  // of the stack
  std::string source_;
};

}  // namespace fleetwright
