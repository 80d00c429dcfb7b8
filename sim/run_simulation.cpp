#include "sim/run_simulation.hpp"

#include <algorithm>
#include <cmath>

#include "sim/random.hpp"

namespace fleetwright {
namespace {

constexpr Seconds never{HUGE_VAL};
// A run of a year that fails every minute has fewer.
constexpr int most_events = 5'000'000;

/// A slow part at work.
struct Slowness {
  double step_factor = 1;
  Seconds until;
  bool replaces_node = false;
  int island = 0;
};

/// The state of one run. Time moves in three ways: the job runs, restarts, or waits for a node.
class Run {
 public:
  Run(const RunTask& task, Random random, Seconds limit)
      : task_(task), r_(task.reliability), random_(random), limit_(limit) {
    if (r_.spread > 0) multiplier_ = std::exp(r_.spread * random_.normal());
    for (const SlowCause& slow : r_.slowdowns) slow_rate_ += slow.rate;
    next_failure_ = failure_gap();
    next_slowness_ = slowness_gap();
    planned_in_ = gap(r_.planned_rate());
    repaired_at_.resize(static_cast<std::size_t>(r_.islands()));
  }

  SimulatedRun play() {
    while (!done_ && result_.finished) run_until_event();
    result_.time.training = taken_ + work_;
    return result_;
  }

 private:
  Seconds gap(Hertz rate) { return rate.si() > 0 ? random_.exponential() / rate : never; }
  Seconds failure_gap() { return gap(r_.failure_rate() * multiplier_); }
  Seconds slowness_gap() { return gap(slow_rate_ * multiplier_); }

  template <typename Cause>
  const Cause& draw(const std::vector<Cause>& causes, Hertz total) {
    Hertz left = total * random_.uniform();
    const Cause* chosen = nullptr;
    for (const Cause& cause : causes) {
      if constexpr (requires { cause.planned; }) {
        if (cause.planned) continue;
      }
      if (cause.rate.si() <= 0) continue;
      chosen = &cause;
      left -= cause.rate;
      if (left.si() <= 0) break;
    }
    return *chosen;
  }

  void note_event() {
    result_.finished = result_.finished && now_ <= limit_ && ++events_ <= most_events;
  }

  // ---- slow parts
  // --------------------------------------------------------------------------------

  double step_factor() const {
    double slowest = 1;
    for (const Slowness& s : slow_) slowest = std::max(slowest, s.step_factor);
    return slowest;
  }

  // Slow parts that went away, and new ones. Those that are found slow their steps until the next
  // checkpoint lets them be replaced.
  void update_slow_parts() {
    while (next_slowness_ <= now_) {
      const SlowCause& cause = draw(r_.slowdowns, slow_rate_);
      const Seconds lasts = cause.lasts * random_.exponential();
      slow_.push_back(
          {cause.step_factor, next_slowness_ + lasts, cause.replaces_node, cause.island});
      next_slowness_ += slowness_gap();
    }
    std::erase_if(slow_, [&](const Slowness& s) { return !s.replaces_node && s.until <= now_; });
  }

  bool found(const Slowness& s) const { return s.replaces_node && s.until <= now_; }

  Seconds next_change_of_speed() const {
    Seconds next = next_slowness_;
    for (const Slowness& s : slow_) {
      if (s.until > now_) next = std::min(next, s.until);
    }
    return next;
  }

  // ---- running: segments of work, each with a checkpoint behind it
  // -------------------------------

  Seconds work_left() const {
    return std::min(task_.interval - work_, task_.training - taken_ - work_);
  }
  // Whole segments may add up to a little less than their sum.
  bool last_segment() const { return taken_ + task_.interval >= task_.training * (1 - 1e-12); }

  void run_until_event() {
    update_slow_parts();
    const double factor = step_factor();
    const Seconds planned_at = now_ + planned_in_;
    const Seconds until = std::min({next_failure_, next_change_of_speed(), planned_at});
    skip_segments(until - now_, factor);
    // Drag of the last upload, work, then the write: until the event or the checkpoint.
    const Seconds to_checkpoint =
        drag_ + work_left() * factor + (last_segment() ? Seconds{} : write_);
    const bool reaches = now_ + to_checkpoint <= until;
    const Seconds length = reaches ? to_checkpoint : until - now_;
    spend(length, factor);
    now_ = reaches ? now_ + to_checkpoint : until;
    planned_in_ -= length;
    note_event();
    if (reaches && last_segment()) {
      done_ = true;
    } else if (reaches) {
      take_checkpoint();
    } else if (until == next_failure_) {
      fail();
    } else if (until == planned_at) {
      ++due_;
      planned_in_ = gap(r_.planned_rate());
    }
  }

  // Whole segments that nothing disturbs, at once: a long run has too many checkpoints to play.
  void skip_segments(Seconds available, double factor) {
    if (due_ > 0 || std::ranges::any_of(slow_, [&](const Slowness& s) { return found(s); })) return;
    const CheckpointCost& c = r_.checkpoint;
    const Seconds segment = c.drag() + task_.interval * factor + c.write;
    const double left = std::floor((task_.training - taken_) / task_.interval) - 2;
    const double n = std::min(left, std::floor(available / segment) - 2);
    if (!(n >= 1)) return;
    now_ += n * segment;
    planned_in_ -= n * segment;
    taken_ += n * task_.interval;
    saved_ += n * task_.interval;
    result_.time.slow += n * (c.drag() + task_.interval * (factor - 1));
    result_.time.checkpoints += n * c.write;
  }

  void spend(Seconds length, double factor) {
    uploading_ -= length;
    if (uploading_.si() <= 0) saved_ = taken_;
    const Seconds drag = std::min(length, drag_);
    drag_ -= drag;
    length -= drag;
    const Seconds working = std::min(length, work_left() * factor);
    work_ += working / factor;
    length -= working;
    result_.time.slow += drag + working * (1 - 1 / factor);
    result_.time.checkpoints += length;
    write_ -= length;
  }

  void take_checkpoint() {
    const CheckpointCost& c = r_.checkpoint;
    taken_ += task_.interval;
    begin_segment();
    uploading_ = c.upload;
    drag_ = c.drag();
    if (uploading_.si() <= 0) saved_ = taken_;
    std::erase_if(slow_, [&](const Slowness& s) {
      if (!found(s)) return false;
      due_replacements_.push_back(s.island);
      return true;
    });
    while ((due_ > 0 || !due_replacements_.empty()) && result_.finished) planned_stop();
  }

  void begin_segment() {
    work_ = Seconds{};
    write_ = r_.checkpoint.write;
    drag_ = Seconds{};
    uploading_ = Seconds{};
  }

  // ---- not running
  // -------------------------------------------------------------------------------

  // The checkpoint is safe before the job stops for good.
  void planned_stop() {
    saved_ = taken_;
    begin_segment();
    if (due_ > 0) {
      --due_;
      ++result_.planned;
    } else {
      const int island = due_replacements_.back();
      due_replacements_.pop_back();
      ++result_.replaced_slow;
      replace_node(island);
    }
    restart(r_.checkpoint.upload + r_.restart);
  }

  void fail() {
    result_.time.redone += taken_ + work_ - saved_;
    taken_ = saved_;
    begin_segment();
    fail_again();
    restart(r_.detection + r_.restart);
  }

  void fail_again() {
    ++result_.failures;
    next_failure_ = now_ + failure_gap();
    const StopCause& cause = draw(r_.stops, r_.failure_rate());
    if (cause.replaces_node) replace_node(cause.island);
  }

  // Failures strike restarts too.
  void restart(Seconds length) {
    while (next_failure_ < now_ + length && result_.finished) {
      result_.time.restarts += next_failure_ - now_;
      now_ = next_failure_;
      fail_again();
      length = r_.detection + r_.restart;
      note_event();
    }
    result_.time.restarts += length;
    now_ += length;
    update_slow_parts();
  }

  // A node of an island leaves; with all spares of its kind in repair, the job waits for the first
  // that comes back, and nothing fails meanwhile.
  void replace_node(int island) {
    if (!r_.spare_nodes) return;
    std::vector<Seconds>& repaired_at = repaired_at_[static_cast<std::size_t>(std::max(0, island))];
    std::erase_if(repaired_at, [&](Seconds at) { return at <= now_; });
    repaired_at.push_back(now_ + r_.repair);
    if (repaired_at.size() <= static_cast<std::size_t>(*r_.spare_nodes)) return;
    const Seconds waits = std::ranges::min(repaired_at) - now_;
    result_.time.waiting += waits;
    now_ += waits;
    next_failure_ += waits;
    next_slowness_ += waits;
    note_event();
  }

  const RunTask& task_;
  const Reliability& r_;
  Random random_;
  Seconds limit_;
  double multiplier_ = 1;  // of all rates but planned: what kind of cluster this is
  Hertz slow_rate_;
  SimulatedRun result_;
  bool done_ = false;
  int events_ = 0;

  Seconds now_;
  Seconds saved_;  // work that no failure takes
  Seconds taken_;  // work in the last checkpoint, which may still be uploading
  Seconds work_;   // work since then
  Seconds write_{task_.reliability.checkpoint.write};  // of the next checkpoint, still to do
  Seconds uploading_;                                  // still to do
  Seconds drag_;                                       // of the upload, still to come
  Seconds next_failure_;
  Seconds next_slowness_;
  Seconds planned_in_;  // running time until the next planned stop falls due
  int due_ = 0;
  std::vector<int> due_replacements_;  // the island of each
  std::vector<Slowness> slow_;
  std::vector<std::vector<Seconds>> repaired_at_;  // of each island
};

}  // namespace

SimulatedRun simulate_run(const RunTask& task, std::uint64_t seed, std::uint64_t run,
                          Seconds limit) {
  return Run(task, Random(seed, run), limit).play();
}

}  // namespace fleetwright
