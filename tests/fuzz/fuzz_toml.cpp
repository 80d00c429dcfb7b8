#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "models/core/toml_document.hpp"
#include "models/core/toml_print.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// TOML as such: what is read prints and reads back as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzzing::text_of(data, size);
  try {
    TomlMap document = parse_toml(text, "input.toml");
    const std::string printed = print_toml(document);
    ensure(print_toml(parse_toml(printed, "printed.toml")) == printed,
           "what is printed reads back");
    apply_override(document, text.substr(0, text.find('\n')));
  } catch (const ScenarioError&) {
  } catch (const Error&) {
  }
  return 0;
}
