#pragma once

#include <cstddef>
#include <cstdint>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

/// Choices of experts: `slots` for each token, ids in [0, experts), others (-1) for choices that
/// are not served here.
struct ExpertChoices {
  int tokens = 0;
  int slots = 0;
  int experts = 0;  // at most 512
};

/// Numbers that expert_mapping needs to work with.
[[nodiscard]] std::size_t expert_mapping_scratch(const ExpertChoices& shape);

/// Gives each served choice a row: rows of an expert lie together, experts in order, the rows of an
/// expert in the order of the choices (by token, then slot), so the same ids give the same rows.
/// `ids` [tokens, slots]; `counts` [experts], how often each id occurs. Writes `sources` [sum of
/// counts], the token of each row, and `rows_of` [tokens, slots], the row of each choice or -1.
/// Throws Error beyond 2^30 choices or 512 experts.
void expert_mapping(const std::int32_t* ids, const std::int32_t* counts, const ExpertChoices& shape,
                    std::int32_t* sources, std::int32_t* rows_of, std::int32_t* scratch,
                    Stream stream);

}  // namespace fleetwright::gpu
