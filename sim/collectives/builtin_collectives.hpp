#pragma once

#include <memory>
#include <span>

#include "models/core/registry.hpp"
#include "sim/collectives/collective_algorithm.hpp"

namespace fleetwright {

using CollectiveFactory = std::unique_ptr<CollectiveAlgorithm> (*)();

/// All algorithms that this program knows.
[[nodiscard]] std::span<const RegistryRow<CollectiveFactory>> builtin_collectives();

[[nodiscard]] std::unique_ptr<CollectiveAlgorithm> make_ring();
[[nodiscard]] std::unique_ptr<CollectiveAlgorithm> make_tree();
[[nodiscard]] std::unique_ptr<CollectiveAlgorithm> make_halving_doubling();
[[nodiscard]] std::unique_ptr<CollectiveAlgorithm> make_hierarchical();
[[nodiscard]] std::unique_ptr<CollectiveAlgorithm> make_in_network();
[[nodiscard]] std::unique_ptr<CollectiveAlgorithm> make_nvls_tree();
[[nodiscard]] std::unique_ptr<CollectiveAlgorithm> make_pairwise();
[[nodiscard]] std::unique_ptr<CollectiveAlgorithm> make_node_limited();

}  // namespace fleetwright
