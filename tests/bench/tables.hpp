#pragma once

#include "planner/scenario.hpp"

namespace fleetwright::bench {

/// DeepSeek-V3 on so many GPUs, as many sequences a pipeline as on 2,048.
[[nodiscard]] Scenario deepseek_on(int gpus);

/// CPU time and memory of one step on 2,048 to 49,152 GPUs, by granularity, with and without noise.
void print_scale_table();

/// The parts of DeepSeek-V3's step beside the published ones.
void print_part_table();

}  // namespace fleetwright::bench
