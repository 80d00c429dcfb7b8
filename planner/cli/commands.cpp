#include "planner/cli/commands.hpp"

namespace fleetwright::cli {
std::shared_ptr<OutputOptions> add_output_options(CLI::App& command) {
  auto options = std::make_shared<OutputOptions>();
  command.add_option("--format", options->format, "table, json, csv, md or html")
      ->check(CLI::IsMember({"table", "json", "csv", "md", "html"}))
      ->capture_default_str();
  command.add_option("--output", options->file, "write the result to this file");
  command.add_flag("--quiet", options->quiet, "no progress on the terminal");
  return options;
}

}  // namespace fleetwright::cli
