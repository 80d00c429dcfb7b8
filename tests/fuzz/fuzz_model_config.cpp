#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "models/model_config.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// A model's config.json.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzzing::text_of(data, size);
  try {
    const ModelConfig model = parse_model_config(text, "config.json", "input");
    ensure(model.layers > 0, "a model has layers");
  } catch (const ScenarioError&) {
  } catch (const Error&) {
  }
  return 0;
}
