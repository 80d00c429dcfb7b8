#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "models/operators.hpp"

namespace fleetwright {

/// The number format of a product or an attention; nothing for what is bound by bandwidth.
[[nodiscard]] std::optional<Precision> precision_of(const Operator& op);

/// Kernels of one key are compared by shape alone: name, format, pass. "gemm fp8-block weight
/// gradient".
[[nodiscard]] std::string kernel_key(const Operator& op);

/// The keys of the same kernel in the same format: its own, for products of groups those of a dense
/// one, and for a weight gradient those of the forward product.
[[nodiscard]] std::vector<std::string> same_format_keys(const Operator& op);

/// The operator's own key, then those of kernels that stand in where nobody timed its kind, best
/// first.
[[nodiscard]] std::vector<std::string> stand_in_keys(const Operator& op);

/// Where the operator is among the shapes under a key: one group's product among dense ones.
[[nodiscard]] std::array<double, 4> coordinates_under(const std::string& key, const Operator& op);

}  // namespace fleetwright
