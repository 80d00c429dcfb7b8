#include "tests/planner/scenario_text.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "models/core/diagnostics.hpp"
#include "planner/scenario.hpp"

namespace fleetwright::testing {

const std::string_view dense_scenario = R"([model]
config = "llama-3.1-405b"

[cluster]
accelerator = "H100-SXM"
accelerators = 64

[strategy]
tp = 8
pp = 2
global_batch = 32

[training]
sequence_length = 4096
tokens = "1 B tokens"
)";

const std::string_view moe_scenario = R"([model]
config = "deepseek-v3"

[cluster]
accelerator = "H800-SXM"
accelerators = 128

[strategy]
pp = 4
ep = 32
global_batch = 512

[training]
sequence_length = 4096
tokens = "1 B tokens"
)";

const std::string_view small_scenario = R"([model]
config = "llama-3.1-8b"

[cluster]
accelerator = "H100-SXM"
accelerators = 8

[strategy]
tp = 2
zero_stage = 1
recompute = "full"
global_batch = 16

[training]
sequence_length = 4096
tokens = "1 B tokens"
)";

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "fleetwright-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TemporaryFolder::write(std::string_view name, std::string_view text) const {
  const std::filesystem::path file = path_ / name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

std::string edited(std::string_view text, const Edits& edits) {
  std::string out(text);
  for (const auto& [from, to] : edits) {
    const auto at = out.find(from);
    if (at == std::string::npos) throw std::logic_error("nothing to replace: " + from);
    out.replace(at, from.size(), to);
  }
  return out;
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string diagnose(std::string_view scenario, const Edits& edits,
                     const std::vector<std::string>& overrides) {
  const TemporaryFolder folder;
  const auto file = folder.write("scenario.toml", edited(scenario, edits));
  try {
    static_cast<void>(read_scenario(file, overrides));
    return "";
  } catch (const ScenarioError& e) {
    std::string text = render(e.diagnostics());
    const std::string prefix = folder.path().string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }
}

}  // namespace fleetwright::testing
