#include "models/core/error.hpp"
#include "models/model_config.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// A model's config.json.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    ensure(parse_model_config(text, "config.json", "input").layers > 0, "a model has layers");
    return true;
  });
}
