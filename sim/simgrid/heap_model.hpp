#pragma once

#include <simgrid/kernel/resource/Model.hpp>

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/step_program.hpp"

namespace fleetwright {

/// Alarms in SimGrid's clock: what takes a known time needs no resource of the platform. Alarms of
/// the same time ring in the order they were set, which SimGrid's own timers do not promise.
class HeapModel : public simgrid::kernel::resource::Model {
 public:
  using Ring = std::function<void(TaskId task, double time)>;

  explicit HeapModel(Ring ring);

  void set_alarm(double time, TaskId task);
  /// Rings what is due. To be called when the clock has advanced; alarms set meanwhile ring later.
  void ring_due();

  double next_occurring_event(double now) override;
  void update_actions_state(double now, double delta) override;

 private:
  struct Alarm {
    double time;
    std::uint64_t sequence;
    TaskId task;
  };
  static bool is_later(const Alarm& a, const Alarm& b);

  Ring ring_;
  std::vector<Alarm> heap_;
  std::vector<Alarm> due_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace fleetwright
