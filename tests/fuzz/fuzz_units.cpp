#include <cmath>
#include <variant>

#include "models/core/error.hpp"
#include "models/core/parse_units.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

namespace {

template <typename Q>
bool is_a(std::string_view text) {
  const Parsed<Q> parsed = parse_quantity<Q>(text);
  const Q* const value = std::get_if<Q>(&parsed);
  if (value != nullptr) {
    ensure(std::isfinite(value->si()) && value->si() >= 0, "a quantity is finite");
  } else {
    ensure(!std::get<UnitError>(parsed).message.empty(), "a refusal says why");
  }
  return value != nullptr;
}

template <typename... Q>
bool is_any_of(std::string_view text) {
  return (is_a<Q>(text) + ...) > 0;  // each is tried
}

}  // namespace

// A text with a unit, of every dimension that there is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size,
                      is_any_of<Seconds, Hertz, Bytes, BytesPerSecond, Flop, FlopPerSecond, Joules,
                                Watts, Usd, UsdPerSecond, Tokens>);
}
