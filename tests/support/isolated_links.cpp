#include "tests/support/isolated_links.hpp"

#include <map>

namespace fleetwright::testing {

IsolatedStep isolate(const StepProgram& program, const Fabric& fabric) {
  StepProgram copy;
  for (const Lane& lane : program.lanes()) copy.add_lane(lane);
  std::map<std::pair<std::uint32_t, LinkId>, LinkId> private_links;
  std::vector<FabricLink> links;
  for (const Task& task : program.tasks()) {
    std::vector<FlowSpec> flows;
    for (const Flow& flow : program.flows_of(task)) {
      FlowSpec spec{flow.bytes, {}, 0, 0};
      for (const LinkUse& use : program.uses_of(flow)) {
        const auto [at, is_new] =
            private_links.try_emplace({task.lane, use.link}, static_cast<LinkId>(links.size()));
        if (is_new)
          links.push_back({std::to_string(links.size()), fabric.links()[use.link].capacity});
        spec.uses.push_back({at->second, use.weight});
      }
      flows.push_back(std::move(spec));
    }
    copy.add_task({task.lane, task.delay, task.activity, program.labels()[task.label], task.layer,
                   task.micro_batch, task.stage},
                  {}, flows);
  }
  for (TaskId id = 0; id < program.tasks().size(); ++id) {
    for (const TaskId on : program.dependencies_of(id)) copy.add_dependency(id, on);
  }
  // One GPU a node has four links: its port out and in, its NIC out and in.
  FabricShape shape;
  shape.gpus = static_cast<int>(links.size() / 4 + 1);
  while (links.size() < static_cast<std::size_t>(shape.gpus) * 4) {
    links.push_back({std::to_string(links.size()), BytesPerSecond{1e9}});
  }
  return {std::move(copy),
          Fabric(shape, std::move(links), Seconds{1e-6}, Seconds{1e-6}, Seconds{1e-6})};
}

}  // namespace fleetwright::testing
