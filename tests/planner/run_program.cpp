#include "tests/planner/run_program.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {

std::string program() {
  if (const char* named = std::getenv("FLEETWRIGHT_PROGRAM")) return named;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" /
         "fleetwright";
}

Outcome run(const std::string& arguments, const std::string& before) {
  const TemporaryFolder folder;
  const std::string err = folder.path() / "stderr";
  const std::string command = before + "'" + program() + "' " + arguments + " 2>'" + err + "'";
  Outcome outcome;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    outcome.out.append(buffer.data(), n);
  }
  const int status = ::pclose(pipe);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  outcome.err = read_text(err);
  return outcome;
}

}  // namespace fleetwright::testing
