#pragma once

#include <simgrid/s4u.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "sim/column_recorder.hpp"
#include "sim/simgrid/fabric_zone.hpp"
#include "sim/simgrid/heap_model.hpp"

namespace fleetwright {

/// Whose flow it is.
struct FlowOwner {
  TaskId task = 0;
  int column = 0;
};

/// Flows on links. One that shares no link with another takes a known time, and so an alarm; as
/// soon as a second one wants one of its links, both are SimGrid's, which shares by max-min
/// fairness. Most flows of a training step are alone, and an alarm is ten times cheaper than a
/// comm.
class FlowNetwork {
 public:
  using Ended = std::function<void(const FlowOwner& owner, double time)>;

  /// All must outlive this.
  FlowNetwork(const std::vector<FabricLink>& links, FabricZone& zone, HeapModel& alarms,
              ColumnRecorder& recorder, const EngineUnits& units, Ended ended);

  /// False if the flow takes no time and was not started.
  bool start(const FlowOwner& owner, const FlowOnLinks& flow, double now);
  /// An alarm of a flow.
  void alarm(const AlarmSubject& subject, double time);
  void comm_ended(const simgrid::s4u::Activity& comm);
  /// Lets comms go that have ended: they must outlive their completion callbacks.
  void release_ended();

 private:
  struct LiveFlow {
    FlowOwner owner;
    FlowOnLinks flow;
    double begun = 0;
    double end = 0;  // if it stays alone
    std::uint32_t index = 0;
    std::uint32_t version = 0;
    bool on_links = false;
    simgrid::s4u::CommPtr comm;
  };

  [[nodiscard]] LiveFlow& take_free();
  void make_room(const FlowOnLinks& flow, double now);
  void start_comm(LiveFlow& live, double bytes);
  void leave_links(LiveFlow& live, double now);
  void end(LiveFlow& live, double time);

  const std::vector<FabricLink>& links_;
  FabricZone& zone_;
  HeapModel& alarms_;
  ColumnRecorder& recorder_;
  EngineUnits units_;
  Ended ended_callback_;

  struct LinkUsers {
    std::uint32_t count = 0;
    LiveFlow* alone = nullptr;  // the flow that has it to itself
    double busy_since = 0;
  };
  std::vector<LinkUsers> users_;  // of each link
  std::deque<LiveFlow> flows_;
  std::vector<LiveFlow*> free_;
  std::vector<LiveFlow*> ended_;
};

}  // namespace fleetwright
