#include "sim/simgrid/flow_network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

namespace s4u = simgrid::s4u;

// Times that differ by the rounding of a sum are the same instant.
constexpr double rounding = 1e-15;

bool is_over(double end, double now) { return end <= now * (1 + rounding); }

}  // namespace

FlowNetwork::FlowNetwork(const std::vector<FabricLink>& links, FabricZone& zone, HeapModel& alarms,
                         ColumnRecorder& recorder, const EngineUnits& units, Ended ended)
    : links_(links),
      zone_(zone),
      alarms_(alarms),
      recorder_(recorder),
      units_(units),
      ended_callback_(std::move(ended)),
      users_(links.size()) {}

FlowNetwork::LiveFlow& FlowNetwork::take_free() {
  if (free_.empty()) {
    LiveFlow& added = flows_.emplace_back();
    added.index = static_cast<std::uint32_t>(flows_.size() - 1);
    return added;
  }
  LiveFlow& live = *free_.back();
  free_.pop_back();
  return live;
}

bool FlowNetwork::start(const FlowOwner& owner, const FlowOnLinks& flow, double now) {
  if (flow.bytes <= Bytes{0} || flow.uses.empty()) return false;
  make_room(flow, now);
  LiveFlow& live = take_free();
  live.owner = owner;
  live.flow = flow;
  live.begun = now;
  live.on_links = true;
  bool alone = true;
  for (const LinkUse& use : flow.uses) {
    LinkUsers& users = users_[use.link];
    if (users.count++ == 0) {
      users.busy_since = now;
    } else {
      alone = false;
    }
  }
  if (!alone) {
    start_comm(live, flow.bytes.si());
    return true;
  }
  for (const LinkUse& use : flow.uses) users_[use.link].alone = &live;
  live.end = now + (flow.bytes / bandwidth_of(links_, flow.uses)).si() * units_.ticks_per_second;
  alarms_.set_alarm(live.end, {AlarmSubject::Kind::flow, 0, live.index, live.version});
  return true;
}

// Flows that had a link to themselves go on as comms with what is left of them.
void FlowNetwork::make_room(const FlowOnLinks& flow, double now) {
  for (const LinkUse& use : flow.uses) {
    LiveFlow* other = users_[use.link].alone;
    if (other == nullptr) continue;
    if (is_over(other->end, now)) {
      leave_links(*other, now);  // its alarm rings at this instant
      continue;
    }
    const double left = (other->end - now) / (other->end - other->begun);
    ++other->version;
    for (const LinkUse& theirs : other->flow.uses) users_[theirs.link].alone = nullptr;
    start_comm(*other, left * other->flow.bytes.si());
  }
}

void FlowNetwork::start_comm(LiveFlow& live, double bytes) {
  // SimGrid would never start a comm of nothing.
  const auto payload =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(bytes * units_.units_per_byte));
  live.comm = s4u::Comm::sendto_init();
  live.comm->set_payload_size(payload);
  live.comm->set_data(&live);
  zone_.route_next(live.flow.uses, live.flow.peers);
  live.comm->set_source(zone_.host());
  live.comm->set_destination(zone_.host());  // and it starts
  ensure(zone_.route_taken(), "SimGrid did not start a comm at once");
}

void FlowNetwork::alarm(const AlarmSubject& subject, double time) {
  LiveFlow& live = flows_[subject.index];
  if (live.version != subject.version) return;
  end(live, time);
  free_.push_back(&live);
}

void FlowNetwork::comm_ended(const s4u::Activity& comm) {
  auto* live = comm.get_data<LiveFlow>();
  if (comm.get_state() != s4u::Activity::State::FINISHED) {
    throw Error(fmt::format("SimGrid broke off a flow of task {}", live->owner.task));
  }
  ended_.push_back(live);
  end(*live, s4u::Engine::get_clock());
}

void FlowNetwork::release_ended() {
  for (LiveFlow* live : ended_) live->comm = nullptr;
  free_.insert(free_.end(), ended_.begin(), ended_.end());
  ended_.clear();
}

void FlowNetwork::leave_links(LiveFlow& live, double now) {
  if (!live.on_links) return;
  live.on_links = false;
  for (const LinkUse& use : live.flow.uses) {
    LinkUsers& users = users_[use.link];
    users.alone = nullptr;
    recorder_.carried(use.link, live.flow.bytes * use.weight);
    if (--users.count == 0)
      recorder_.was_busy(use.link, Seconds{(now - users.busy_since) / units_.ticks_per_second});
  }
}

void FlowNetwork::end(LiveFlow& live, double time) {
  leave_links(live, time);
  ++live.version;
  ended_callback_(live.owner, time);
}

}  // namespace fleetwright
