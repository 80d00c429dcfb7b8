#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "profiles/measured_table.hpp"
#include "profiles/profile_store.hpp"

namespace fleetwright::gpu {

/// A published time and where it was measured.
struct Anchor {
  KernelSample sample;
  std::string accelerator;
};

/// Published times that a table under data/measured/<accelerator>/ is to be compared with: those of
/// the accelerator, and of Hopper's SXM parts for each other, whose tensor cores are the same.
/// `data` holds published/.
[[nodiscard]] std::vector<Anchor> anchors_of(const std::filesystem::path& table,
                                             const std::filesystem::path& data);

/// Who is fastest, operator by operator: the rate of the fastest library and its clock, what the
/// others reach of it, and what the fastest reaches of the best published figure for the same
/// operator on as many SMs. Then, by kind of kernel, for how many operators ours reach 95 % of the
/// best of libraries and published figures.
[[nodiscard]] std::string comparison_report(const MeasuredTable& table,
                                            const std::vector<Anchor>& anchors);

}  // namespace fleetwright::gpu
