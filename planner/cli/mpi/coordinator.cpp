#include "planner/cli/mpi/coordinator.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <thread>
#include <utility>

#include "models/core/error.hpp"
#include "planner/cli/mpi/messages.hpp"

namespace fleetwright::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::microseconds between_looks{200};

struct Worker {
  std::set<std::size_t> cases;  // that it computes
  Clock::time_point heard;
  bool lost = false;
};

class Coordinator {
 public:
  Coordinator(Sweep& sweep, int workers)
      : sweep_(&sweep), workers_(static_cast<std::size_t>(workers) + 1) {
    const std::string command = written(sweep.command);
    for (std::size_t rank = 1; rank < workers_.size(); ++rank) {
      workers_[rank].heard = Clock::now();
      outbox_.send(static_cast<int>(rank), Tag::begin, command);
    }
  }

  /// Takes all messages that have arrived; false if there were none.
  bool take_messages() {
    std::vector<SweepQueue::Result> results;
    bool any = false;
    while (auto message = receive_if_any()) {
      any = true;
      hear(*message, results);
    }
    // Those who asked get work first; then what came is put on the disk in one go.
    hand_out();
    done_ += results.size();
    sweep_->queue.keep(std::move(results));
    return any;
  }

  /// Puts the cases of workers that have been silent back.
  void look_for_lost(std::chrono::duration<double> longest_silence) {
    const Clock::time_point now = Clock::now();
    for (std::size_t rank = 1; rank < workers_.size(); ++rank) {
      Worker& w = workers_[rank];
      if (w.lost || now - w.heard < longest_silence) continue;
      w.lost = true;
      std::erase(asking_, static_cast<int>(rank));
      for (const std::size_t number : std::exchange(w.cases, {})) {
        sweep_->queue.put_back(number);
        more_ = true;
      }
    }
    if (lost() + 1 == workers_.size()) throw Error("all workers are lost; call again to go on");
    hand_out();
  }

  void stop_workers() {
    // Also to those who were silent: one that is only slow must not wait for ever.
    const std::string body = written_stop(lost() > 0);
    for (std::size_t rank = 1; rank < workers_.size(); ++rank) {
      outbox_.send(static_cast<int>(rank), Tag::stop, body);
    }
    outbox_.flush();
  }

  [[nodiscard]] bool finished() const {
    return !more_ && std::ranges::all_of(workers_, [](const Worker& w) { return w.cases.empty(); });
  }
  [[nodiscard]] std::size_t lost() const {
    return static_cast<std::size_t>(std::ranges::count(workers_, true, &Worker::lost));
  }
  [[nodiscard]] std::size_t done() const { return done_; }

 private:
  void hear(const Message& message, std::vector<SweepQueue::Result>& results) {
    Worker& w = workers_.at(static_cast<std::size_t>(message.rank));
    w.heard = Clock::now();
    w.lost = false;
    if (message.tag == Tag::ready) asking_.push_back(message.rank);
    if (message.tag == Tag::result) {
      results.push_back(read_result(message.body));
      w.cases.erase(results.back().number);
    }
  }

  void hand_out() {
    while (more_ && !asking_.empty()) {
      const auto next = sweep_->queue.next();
      more_ = next.has_value();
      if (!next) return;
      workers_[static_cast<std::size_t>(asking_.front())].cases.insert(next->number);
      outbox_.send(asking_.front(), Tag::give, written(*next));
      asking_.pop_front();
    }
  }

  Sweep* sweep_;
  std::vector<Worker> workers_;  // by rank; the first stands for the coordinator
  std::deque<int> asking_;
  Outbox outbox_;
  bool more_ = true;
  std::size_t done_ = 0;
};

}  // namespace

CoordinatorWork coordinate(Sweep& sweep, int workers, std::chrono::duration<double> longest_silence,
                           const RunControl& control) {
  Coordinator coordinator(sweep, workers);
  CoordinatorWork work;
  work.workers = workers;
  const Clock::time_point started = Clock::now();
  const double cases = static_cast<double>(std::max<std::size_t>(1, sweep.queue.tally().cases));
  while (!coordinator.finished()) {
    if (control.stops()) {
      coordinator.stop_workers();
      throw Interrupted();
    }
    const Clock::time_point begun = Clock::now();
    const bool any = coordinator.take_messages();
    coordinator.look_for_lost(longest_silence);
    if (any) work.busy += Clock::now() - begun;
    control.done(static_cast<double>(sweep.queue.tally().finished()) / cases);
    if (!any) std::this_thread::sleep_for(between_looks);
  }
  work.wall = Clock::now() - started;
  coordinator.stop_workers();
  work.cases = coordinator.done();
  work.lost = static_cast<int>(coordinator.lost());
  return work;
}

}  // namespace fleetwright::cli
