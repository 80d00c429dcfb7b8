#include "profiles/gpu/run/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <map>

#include "profiles/gpu/run/suites.hpp"

namespace fleetwright::gpu {
namespace {

constexpr int exit_input = 2;

constexpr const char* description =
    "Measures on this GPU the kernels that training is made of, by our own code and by libraries,\n"
    "and appends them to measured/<accelerator>/kernels.csv, where fleetwright finds them.";

constexpr const char* footer =
    "What is measured stays: a run that was ended goes on where it stopped.\n"
    "Exit codes: 0 done, 1 no GPU, a failed check or case, 2 a wrong call, 130 interrupted.\n";

std::string suite_help() {
  std::string help;
  for (const Suite& suite : builtin_suites())
    help += fmt::format("{}: {}; ", suite.name, suite.help);
  return help + "all of them by default";
}

std::vector<std::string> suites_named(const std::string& word) {
  std::vector<std::string> names;
  for (const Suite& suite : builtin_suites()) {
    if (word == "all" || word == suite.name) names.emplace_back(suite.name);
  }
  return names;
}

int refuse(const std::string& message) {
  fmt::print(stderr, "fleetwright-profile: {}\nRun with --help for more information.\n", message);
  return exit_input;
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  Options options;
  CLI::App app(description, "fleetwright-profile");
  app.set_version_flag("--version", "fleetwright-profile " FLEETWRIGHT_VERSION);
  app.footer(footer);
  std::vector<std::string> words{"all"};
  for (const Suite& suite : builtin_suites()) words.emplace_back(suite.name);
  std::string suite = "all";
  std::string filter;
  std::string counters = "auto";
  options.output = "profiles/data/measured";
  app.add_option("--suite", suite, suite_help())->check(CLI::IsMember(words));
  app.add_option("--filter", filter, "only cases whose name (see --list) this expression finds");
  app.add_option("--output", options.output, "the folder of measured tables")
      ->capture_default_str();
  app.add_option("--budget", options.budget_s, "seconds after which no case is begun")
      ->check(CLI::Range(1.0, 1e6));
  app.add_option("--counters", counters,
                 "hardware counters: auto (not for the grid), off, full (every case)")
      ->check(CLI::IsMember({"auto", "off", "full"}));
  app.add_option("--seed", options.seed, "of the random operands; by default another each time");
  app.add_flag("--check", options.check,
               "compare every kernel with its reference, measure nothing");
  app.add_option("--report", options.report,
                 "show a table of measurements as rates, measure nothing")
      ->type_name("FILE");
  app.add_option("--compare", options.compare,
                 "show library beside library and published figures, measure nothing")
      ->type_name("FILE");
  app.add_flag("--list", options.list, "name the cases, measure nothing");
  app.add_flag("--overlap", options.overlap,
               "time FP8 products of ours beside a copy on 20 SMs (Hopper), and nothing else");
  app.add_option("--plans", options.plans,
                 "show the cheapest plans of each FP8 product of ours, measure nothing")
      ->type_name("COUNT")
      ->check(CLI::Range(1, 100));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return {std::nullopt, app.exit(e)};  // --help, --version
    return {std::nullopt, refuse(e.what())};
  }
  try {
    if (!filter.empty()) options.filter = std::regex(filter);
  } catch (const std::regex_error& e) {
    return {std::nullopt,
            refuse(fmt::format("--filter: '{}' is no expression: {}", filter, e.what()))};
  }
  options.suites = suites_named(suite);
  options.counters =
      std::map<std::string, CounterMode>{
          {"auto", CounterMode::automatic}, {"off", CounterMode::off}, {"full", CounterMode::full}}
          .at(counters);
  options.command = fmt::format("{}", fmt::join(std::vector<std::string>(argv, argv + argc), " "));
  return {std::move(options), 0};
}

}  // namespace fleetwright::gpu
