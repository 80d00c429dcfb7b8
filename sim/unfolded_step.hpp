#pragma once

#include <optional>
#include <vector>

#include "sim/collectives/column_flows.hpp"
#include "sim/column_step.hpp"
#include "sim/expert_loads.hpp"
#include "sim/kernel_speeds.hpp"
#include "sim/program_builder.hpp"

namespace fleetwright {

/// How a step is unfolded over the GPUs of its cluster.
struct Unfolding {
  Granularity granularity = Granularity::coflow;
  /// Every column by itself. Otherwise one stands for all that are alike.
  bool all_columns = false;
  Variation variation;
};

/// The columns to simulate: all of them if asked or if they differ at random; else those with a
/// slow part, and the first of the rest for the rest.
[[nodiscard]] std::vector<ColumnPart> choose_parts(const Unfolding& unfolding,
                                                   const ColumnLayout& layout,
                                                   const Fabric& fabric);

/// A built step on the columns of its cluster, with what differs between them.
class UnfoldedStep : public ColumnStep {
 public:
  /// Setup, step and fabric must outlive this. Links that the variation names must be the fabric's.
  UnfoldedStep(const StepSetup& setup, const BuiltStep& step, const Fabric& fabric,
               const Unfolding& unfolding);

  [[nodiscard]] const ColumnLayout& layout() const { return layout_; }
  [[nodiscard]] const std::vector<ColumnPart>& parts() const { return parts_; }

  [[nodiscard]] const StepProgram& program() const override { return step_.program; }
  [[nodiscard]] const Fabric& fabric() const { return fabric_; }
  [[nodiscard]] const std::vector<FabricLink>& links() const override { return fabric_.links(); }
  [[nodiscard]] int columns() const override { return static_cast<int>(parts_.size()); }
  [[nodiscard]] bool joins(TaskId task) const override;
  [[nodiscard]] Seconds delay(TaskId task, int column) const override;
  void flows_of(TaskId task, int column, std::vector<FlowOnLinks>& flows) const override;
  void for_each_flow(const VisitFlow& visit) const override;
  void draw(int step) override;

 private:
  [[nodiscard]] const ExpertLoad* load_of(const Task& task, int column) const;
  [[nodiscard]] int column_of(int part) const {
    return parts_[static_cast<std::size_t>(part)].column;
  }

  const StepSetup& setup_;
  const BuiltStep& step_;
  ColumnLayout layout_;
  std::vector<ColumnPart> parts_;
  Fabric fabric_;
  StageTraffic traffic_;
  KernelSpeeds speeds_;
  std::optional<ExpertLoads> experts_;
  std::uint64_t seed_;
  std::vector<std::vector<ColumnFlow>> flows_;  // of each shape, of each part
  std::vector<ExpertLoad> loads_;               // of layers, or of micro-batches of layers of parts
  int layers_ = 0;
  int micro_batches_ = 0;
  int step_drawn_ = 0;
};

}  // namespace fleetwright
