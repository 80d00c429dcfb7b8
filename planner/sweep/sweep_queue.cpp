#include "planner/sweep/sweep_queue.hpp"

#include <utility>

namespace fleetwright {
namespace {

constexpr std::size_t linked_at_once = 1000;

}  // namespace

SweepQueue::SweepQueue(const SweepSpec& spec, CaseKeys& keys, SweepStore& store, Shard shard,
                       bool retry)
    : spec_(&spec), keys_(&keys), store_(&store), retry_(retry) {
  const std::vector<bool> finished = store.finished(spec.cases(), retry);
  for (std::size_t number = shard.first; number < finished.size(); number += shard.of) {
    ++tally_.cases;
    if (finished[number]) {
      ++tally_.were_there;
    } else {
      waiting_.push_back(number);
    }
  }
}

std::optional<SweepQueue::Case> SweepQueue::next() {
  while (!waiting_.empty()) {
    const std::size_t number = waiting_.front();
    waiting_.pop_front();
    std::vector<Assignment> inputs = spec_->assignments(number);
    CaseKeys::Identity identity = keys_->of(inputs);
    if (!store_->has_result(identity.key, retry_)) return Case{number, std::move(inputs)};
    known_.push_back({number, std::move(inputs), std::move(identity), {}});
    if (known_.size() >= linked_at_once) link_known();
  }
  link_known();
  return std::nullopt;
}

void SweepQueue::link_known() {
  if (known_.empty()) return;
  store_->link(known_);
  tally_.known += known_.size();
  known_.clear();
}

void SweepQueue::keep(std::vector<Result> results) {
  if (results.empty()) return;
  std::vector<CaseRow> rows;
  for (Result& r : results) {
    std::vector<Assignment> inputs = spec_->assignments(r.number);
    CaseKeys::Identity identity = keys_->of(inputs);
    rows.push_back({r.number, std::move(inputs), std::move(identity), std::move(r.outcome)});
  }
  store_->add(rows);
  tally_.computed += rows.size();
}

}  // namespace fleetwright
