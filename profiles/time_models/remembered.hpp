#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "profiles/operator_time.hpp"

namespace fleetwright {

/// The times of another model, which is asked once for each operator: the layers of a step, and the
/// steps of a search, repeat the same few shapes.
class RememberedTimeModel final : public OperatorTimeModel {
 public:
  explicit RememberedTimeModel(std::unique_ptr<OperatorTimeModel> model);

  [[nodiscard]] OperatorTime time(const Operator& op, const KernelContext& context) const override;

 private:
  std::unique_ptr<OperatorTimeModel> model_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<Operator, KernelContext>, OperatorTime> known_;
};

}  // namespace fleetwright
