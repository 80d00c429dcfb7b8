#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "models/core/quantity.hpp"

namespace fleetwright {

/// Why a text is no quantity of the wanted dimension.
struct UnitError {
  std::string message;     // names the text and what is wrong with it
  std::string suggestion;  // the text mended, where that can be told
};

/// Either the quantity or the reason.
template <typename Q>
using Parsed = std::variant<Q, UnitError>;

/// Reads "80 GiB", "400 Gbps", "$2.00 / h", "14.8 T tokens", "2.5 s". A number needs a unit; GB is
/// not GiB and b is not B. Negative, infinite and absurdly large values are refused.
/// Available for Seconds, Hertz, Bytes, BytesPerSecond, Flop, FlopPerSecond, Joules, Watts, Usd,
/// UsdPerSecond and Tokens.
template <typename Q>
[[nodiscard]] Parsed<Q> parse_quantity(std::string_view text);

/// An example of a text of that dimension, for messages: "80 GiB" for Bytes.
template <typename Q>
[[nodiscard]] std::string_view example_of();

}  // namespace fleetwright
