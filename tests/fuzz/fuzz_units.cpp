#include <cmath>
#include <variant>

#include "models/core/error.hpp"
#include "models/core/parse_units.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

namespace {

template <typename Q>
void try_as(std::string_view text) {
  const Parsed<Q> parsed = parse_quantity<Q>(text);
  if (const Q* value = std::get_if<Q>(&parsed)) {
    ensure(std::isfinite(value->si()) && value->si() >= 0, "a quantity is finite");
  } else {
    ensure(!std::get<UnitError>(parsed).message.empty(), "a refusal says why");
  }
}

}  // namespace

// A text with a unit, of every dimension that there is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzzing::text_of(data, size);
  try_as<Seconds>(text);
  try_as<Hertz>(text);
  try_as<Bytes>(text);
  try_as<BytesPerSecond>(text);
  try_as<Flop>(text);
  try_as<FlopPerSecond>(text);
  try_as<Joules>(text);
  try_as<Watts>(text);
  try_as<Usd>(text);
  try_as<UsdPerSecond>(text);
  try_as<Tokens>(text);
  return 0;
}
