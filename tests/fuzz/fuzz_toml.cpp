#include "models/core/error.hpp"
#include "models/core/toml_document.hpp"
#include "models/core/toml_print.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// TOML as such: what is read prints and reads back as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    TomlMap document = parse_toml(text, "input.toml");
    const std::string printed = print_toml(document);
    ensure(print_toml(parse_toml(printed, "printed.toml")) == printed,
           "what is printed reads back");
    apply_override(document, text.substr(0, text.find('\n')));
    return true;
  });
}
