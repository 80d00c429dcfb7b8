#pragma once

#include <compare>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"
#include "models/operators.hpp"

namespace fleetwright {

/// What else runs on the GPU while an operator does.
struct KernelContext {
  double sms_taken = 0;  // by communication kernels

  auto operator<=>(const KernelContext&) const = default;
};

struct OperatorTime {
  Seconds time;
  Provenance provenance;
  bool in_step = false;  // recorded while a training step ran, not alone
};

/// How long an operator takes on one accelerator. Members are bound to an accelerator and a
/// software stack when they are made; `time` is pure and may be called from several threads.
class OperatorTimeModel {
 public:
  virtual ~OperatorTimeModel() = default;
  /// Collectives take no time here: they belong to the network.
  [[nodiscard]] virtual OperatorTime time(const Operator& op,
                                          const KernelContext& context) const = 0;
};

}  // namespace fleetwright
