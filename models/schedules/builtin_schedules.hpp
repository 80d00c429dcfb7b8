#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "models/schedules/pipeline_schedule.hpp"

// What the members of the family share; users include pipeline_schedule.hpp alone.
namespace fleetwright {

[[nodiscard]] std::unique_ptr<PipelineSchedule> make_one_f_one_b();
[[nodiscard]] std::unique_ptr<PipelineSchedule> make_interleaved();
[[nodiscard]] std::unique_ptr<PipelineSchedule> make_zb_h1();
[[nodiscard]] std::unique_ptr<PipelineSchedule> make_zb_v();
[[nodiscard]] std::unique_ptr<PipelineSchedule> make_v_half();
[[nodiscard]] std::unique_ptr<PipelineSchedule> make_v_min();
[[nodiscard]] std::unique_ptr<PipelineSchedule> make_dualpipe();
[[nodiscard]] std::unique_ptr<PipelineSchedule> make_dualpipe_v();

/// The rule that holds for every schedule: at least one of everything.
[[nodiscard]] std::optional<std::string> refuses_empty_shape(const PipelineShape& shape);

/// The rule of a schedule that leaves no choice of model chunks a rank.
[[nodiscard]] std::optional<std::string> refuses_other_chunks(std::string_view name, int chunks,
                                                              const PipelineShape& shape);

/// A plan without slots for `ranks` ranks and `stages` model stages.
[[nodiscard]] PipelinePlan empty_plan(int ranks, int stages, int micro_batches);

/// Derives `rank_table` from the forward passes in `slots`; each must be there exactly once.
void fill_rank_table(PipelinePlan& plan);

}  // namespace fleetwright
