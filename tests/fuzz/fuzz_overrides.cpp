#include <algorithm>
#include <string>
#include <vector>

#include "planner/scenario.hpp"
#include "tests/fuzz/input.hpp"

using namespace fleetwright;  // NOLINT(google-build-using-namespace): a program of one function

// Lines of the input as --set over a scenario that is good.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzzing::run(data, size, [](std::string_view text) {
    static const std::string base =
        "[model]\nconfig = \"llama-3.1-8b\"\n[cluster]\naccelerator = \"H100-SXM\"\naccelerators = "
        "8\n"
        "[strategy]\ntp = 2\nglobal_batch = 16\n[training]\nsequence_length = 4096\n"
        "tokens = \"1 B tokens\"\n";
    std::vector<std::string> settings;
    for (std::string_view rest = text; !rest.empty() && settings.size() < 64;) {
      const auto end = std::min(rest.find('\n'), rest.size());
      settings.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    static_cast<void>(read_scenario(fuzzing::input_file(base), settings));
    return true;
  });
}
