#include "profiles/time_models/remembered.hpp"

namespace fleetwright {

RememberedTimeModel::RememberedTimeModel(std::unique_ptr<OperatorTimeModel> model)
    : model_(std::move(model)) {}

OperatorTime RememberedTimeModel::time(const Operator& op, const KernelContext& context) const {
  const std::pair key{op, context};
  {
    const std::scoped_lock lock(mutex_);
    if (const auto at = known_.find(key); at != known_.end()) return at->second;
  }
  OperatorTime time = model_->time(op, context);
  const std::scoped_lock lock(mutex_);
  return known_.try_emplace(key, std::move(time)).first->second;
}

}  // namespace fleetwright
