#include "planner/sweep/case_pool.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// A process that has closed its streams has ended or is about to.
constexpr std::chrono::milliseconds until_it_has_ended{1};
// How late a time limit may be noticed.
constexpr std::chrono::milliseconds between_looks{100};

}  // namespace

void CasePool::start(std::size_t number, const std::vector<Assignment>& assignments) {
  try {
    // In place: a process has one owner, which kills it.
    running_.emplace_back(number, command_, assignments);
  } catch (const Error& e) {
    not_started_.push_back({number, {CaseEnd::failed, "", e.what()}});
  }
}

void CasePool::sleep_until_output(std::chrono::milliseconds longest) const {
  std::vector<pollfd> streams;
  for (const Running& r : running_) {
    if (r.process.output() < 0 && r.process.errors() < 0) {
      longest = std::min(longest, until_it_has_ended);
    }
    for (const int fd : {r.process.output(), r.process.errors()}) {
      if (fd >= 0) streams.push_back({fd, POLLIN, 0});
    }
  }
  ::poll(streams.data(), streams.size(), static_cast<int>(longest.count()));
}

std::vector<CasePool::Ended> CasePool::wait(std::chrono::milliseconds longest) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + longest;
  std::vector<Ended> ended = std::exchange(not_started_, {});
  while (true) {
    for (auto it = running_.begin(); it != running_.end();) {
      if (auto outcome = it->process.advance()) {
        ended.push_back({it->number, std::move(*outcome)});
        it = running_.erase(it);
      } else {
        ++it;
      }
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    if (!ended.empty() || left.count() <= 0) return ended;
    sleep_until_output(std::min(left, between_looks));
  }
}

}  // namespace fleetwright
