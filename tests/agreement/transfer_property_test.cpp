// No byte is lost on the way: what leaves by the ports and NICs of all GPUs arrives at others.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "sim/collectives/column_flows.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/pipeline_plans.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

using testing::pick;

TransferShape random_shape(int first_of_second_stage) {
  TransferShape shape;
  shape.scale_out = Bytes{1e6 * pick(1, 100)};
  shape.scale_up = Bytes{1e6 * pick(1, 100)};
  const bool second = pick(0, 1) == 1;
  shape.gpu = second ? first_of_second_stage : 0;
  shape.to = second ? 0 : first_of_second_stage;
  shape.pattern = static_cast<TransferPattern>(pick(0, 3));
  const bool data = shape.pattern == TransferPattern::ring;
  shape.group = data ? CommunicationGroup::data : CommunicationGroup::expert;
  return shape;
}

RC_GTEST_PROP(Transfers, ArriveWithTheBytesThatWereSent, ()) {
  StepSetup setup = testing::moe_setup("H800-SXM", 128, 2);
  setup.job.strategy.ep = 8 << pick(0, 3);
  const Fabric fabric = build_fabric(setup.cluster);
  const ColumnLayout layout = lay_out_columns(setup.job.strategy);
  std::vector<ColumnPart> parts;
  for (int column = 0; column < layout.count; ++column) parts.push_back({column, {column}});
  const StageTraffic traffic(setup.job.strategy, fabric, 1);
  const Granularity granularity = pick(0, 1) == 0 ? Granularity::gpu : Granularity::node;
  const ColumnFlows flows(traffic, fabric, layout, parts, granularity);
  const TransferShape shape = random_shape(64);

  std::vector<double> bytes(fabric.links().size());
  for (const ColumnPart& part : parts) {
    for (const ColumnFlow& f : flows.of(shape, part)) {
      for (const LinkUse& use : f.flow.uses) bytes[use.link] += f.flow.bytes.si() * use.weight;
    }
  }
  double ports = 0, nics = 0, moved = 0;
  for (int gpu = 0; gpu < setup.cluster.gpus; ++gpu) {
    const auto out_less_in = [&](LinkId out, LinkId in) {
      moved += bytes[out];
      return bytes[out] - bytes[in];
    };
    ports += out_less_in(fabric.scale_up_out(gpu), fabric.scale_up_in(gpu));
    nics += out_less_in(fabric.nic_out(gpu), fabric.nic_in(gpu));  // each GPU has its own here
  }
  RC_ASSERT(moved > 0);
  RC_ASSERT(std::abs(ports) <= 1e-9 * moved);
  RC_ASSERT(std::abs(nics) <= 1e-9 * moved);
}

}  // namespace
}  // namespace fleetwright
