#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>

namespace fleetwright::cli {

/// Rank of the process that hands out cases and writes the store.
constexpr int coordinator_rank = 0;

/// Computes the cases that the coordinator hands out, `jobs` at a time, until it says stop.
/// `program` estimates a case. The coordinator hears something at least every `sign_of_life`.
/// True if all workers have come to this point, so that they can end MPI together.
[[nodiscard]] bool work(const std::filesystem::path& program, std::size_t jobs,
                        std::chrono::duration<double> sign_of_life);

}  // namespace fleetwright::cli
