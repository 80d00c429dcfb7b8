#pragma once

#include <simgrid/kernel/resource/Model.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace fleetwright {

/// What an alarm is for: a task of a column whose delay is over, or a flow that is done.
struct AlarmSubject {
  enum class Kind : std::uint8_t { task, flow };
  Kind kind = Kind::task;
  std::int32_t column = 0;    // of a task
  std::uint32_t index = 0;    // of the task or the flow
  std::uint32_t version = 0;  // of the flow: to know an alarm that is void by now
};

/// Alarms in SimGrid's clock: what takes a known time needs no resource of the platform. Alarms of
/// the same time ring in the order they were set, which SimGrid's own timers do not promise.
class HeapModel : public simgrid::kernel::resource::Model {
 public:
  using Ring = std::function<void(const AlarmSubject& subject, double time)>;

  explicit HeapModel(Ring ring);

  void set_alarm(double time, const AlarmSubject& subject);
  /// Rings what is due. To be called when the clock has advanced; alarms set meanwhile ring later.
  void ring_due();

  double next_occurring_event(double now) override;
  void update_actions_state(double now, double delta) override;

 private:
  struct Alarm {
    double time = 0;
    std::uint64_t sequence = 0;
    AlarmSubject subject;
  };
  static bool is_later(const Alarm& a, const Alarm& b);

  Ring ring_;
  std::vector<Alarm> heap_;
  std::vector<Alarm> due_;
  std::vector<Alarm> ringing_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace fleetwright
