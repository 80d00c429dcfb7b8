#include "planner/cli/commands.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <utility>

namespace fleetwright::cli {
namespace {

struct CommandToCome {
  const char* name;
  const char* answers;
};

constexpr std::array commands_to_come{
    CommandToCome{"sweep", "many scenarios, resumable and parallel"},
    CommandToCome{"store", "reads what a sweep kept"}};

}  // namespace

int not_built_yet(const std::string& what) {
  fmt::print(stderr, "fleetwright: '{}' is not built yet\n", what);
  return 1;
}

std::shared_ptr<OutputOptions> add_output_options(CLI::App& command) {
  auto options = std::make_shared<OutputOptions>();
  command.add_option("--format", options->format, "table, json, csv, md or html")
      ->check(CLI::IsMember({"table", "json", "csv", "md", "html"}))
      ->capture_default_str();
  command.add_option("--output", options->file, "write the result to this file");
  command.add_flag("--quiet", options->quiet, "no progress on the terminal");
  return options;
}

void add_commands_to_come(CLI::App& app, Action& action) {
  for (const CommandToCome& c : commands_to_come) {
    CLI::App* command = app.add_subcommand(c.name, fmt::format("{} (not built yet)", c.answers));
    command->allow_extras();
    command->callback(
        [name = std::string(c.name), &action] { action = [name] { return not_built_yet(name); }; });
  }
}

}  // namespace fleetwright::cli
