#include "sim/simgrid/heap_model.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace fleetwright {

namespace {

// The clock reaches an alarm by adding a rounded difference: at most one ulp beside it, and 4 are
// safe.
constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();

}  // namespace

HeapModel::HeapModel(Ring ring) : Model("fleetwright alarms"), ring_(std::move(ring)) {}

bool HeapModel::is_later(const Alarm& a, const Alarm& b) {
  return std::tie(a.time, a.sequence) > std::tie(b.time, b.sequence);
}

void HeapModel::set_alarm(double time, const AlarmSubject& subject) {
  heap_.push_back({time, next_sequence_++, subject});
  std::push_heap(heap_.begin(), heap_.end(), is_later);
}

double HeapModel::next_occurring_event(double now) {
  return heap_.empty() ? -1.0 : std::max(0.0, heap_.front().time - now);
}

void HeapModel::update_actions_state(double now, double /*delta*/) {
  while (!heap_.empty() && heap_.front().time <= now * (1 + rounding)) {
    std::pop_heap(heap_.begin(), heap_.end(), is_later);
    due_.push_back(heap_.back());
    heap_.pop_back();
  }
}

void HeapModel::ring_due() {
  std::swap(due_, ringing_);
  for (const Alarm& alarm : ringing_) ring_(alarm.subject, alarm.time);
  ringing_.clear();
}

}  // namespace fleetwright
