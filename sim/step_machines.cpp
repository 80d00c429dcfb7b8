#include "sim/step_machines.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "models/core/error.hpp"
#include "models/rank_grid.hpp"

namespace fleetwright {

int stage_gpus(const ParallelStrategy& strategy) { return strategy.tp * strategy.cp * strategy.dp; }

std::vector<FlowSpec> moved(std::vector<FlowSpec> flows, LinkId first) {
  for (FlowSpec& flow : flows) {
    for (LinkUse& use : flow.uses) use.link += first;
  }
  return flows;
}

StepMachines::StepMachines(const StepSetup& setup, const OperatorTimeModel& times,
                           const TransferPlanner& transfers, int ranks) {
  const RankGrid grid(setup.job.strategy);
  for (int rank = 0; rank < ranks; ++rank) {
    ranks_.push_back({&setup, &times, &transfers, grid.rank({0, 0, 0, rank}), 0, 0});
  }
}

StepMachines::StepMachines(std::vector<RankMachine> ranks, std::vector<IslandWay> ways)
    : ranks_(std::move(ranks)), ways_(std::move(ways)) {}

Transfer StepMachines::collective(const CollectiveCall& call, int rank) const {
  const RankMachine& machine = of(rank);
  Transfer t = machine.transfers->collective(call, machine.gpu);
  t.flows = moved(std::move(t.flows), machine.first_link);
  return t;
}

Seconds StepMachines::uncontended(Transfer collective, int rank) const {
  const RankMachine& machine = of(rank);
  for (FlowSpec& flow : collective.flows) {
    for (LinkUse& use : flow.uses) use.link -= machine.first_link;
  }
  return machine.transfers->uncontended(collective);
}

Transfer StepMachines::send(Bytes bytes, int from, int to) const {
  const RankMachine &sender = of(from), &receiver = of(to);
  if (sender.island != receiver.island) return between_islands(bytes, sender, receiver);
  Transfer t = sender.transfers->send(bytes, sender.gpu, receiver.gpu);
  t.flows = moved(std::move(t.flows), sender.first_link);
  return t;
}

// All GPUs of the stage send at once: each over its own NIC, all together over the way between the
// islands, and as many bytes come in on the other side, over the NICs there.
Transfer StepMachines::between_islands(Bytes bytes, const RankMachine& from,
                                       const RankMachine& to) const {
  const auto way = std::ranges::find_if(
      ways_, [&](const IslandWay& w) { return w.from == from.island && w.to == to.island; });
  ensure(way != ways_.end(), "a pipeline crosses between islands without a link");
  const Bytes all = bytes * stage_gpus(from.setup->job.strategy);
  Transfer t;
  t.delay = std::max(from.setup->cluster.nic.latency.value, to.setup->cluster.nic.latency.value) +
            way->latency;
  t.flows = moved(from.transfers->outwards(bytes, from.gpu), from.first_link);
  t.flows.push_back({all, {{way->link, 1}}, from.gpu, to.gpu, 1});
  std::ranges::move(
      moved(to.transfers->inwards(all / stage_gpus(to.setup->job.strategy), to.gpu), to.first_link),
      std::back_inserter(t.flows));
  t.provenance = from.setup->cluster.nic.achievable_bandwidth.provenance;
  t.label = "send between islands";
  return t;
}

}  // namespace fleetwright
