#include <fmt/format.h>

#include <memory>
#include <vector>

#include "planner/cli/commands.hpp"
#include "planner/cli/result.hpp"
#include "planner/sweep/store_plot.hpp"
#include "planner/sweep/store_reader.hpp"
#include "planner/sweep/sweep_store.hpp"

namespace fleetwright::cli {
namespace {

/// What a sub-command of `store` was asked for; each uses some of it.
struct StoreOptions {
  std::string file;
  std::string sql;
  std::string sweep;
  std::vector<std::string> outputs;
  std::vector<std::string> others;
  PlotRequest plot;
  std::string log;
  std::shared_ptr<OutputOptions> output;
};

using Options = std::shared_ptr<StoreOptions>;

int query(const StoreOptions& options) {
  const StoreTable table = StoreReader(options.file).query(options.sql);
  write_result(print(table, options.output->format), options.output->file);
  return 0;
}

int export_cases(const StoreOptions& options) {
  const StoreTable table = StoreReader(options.file).cases(options.sweep, options.outputs);
  write_result(print(table, options.output->format), options.output->file);
  return 0;
}

int plot(const StoreOptions& options) {
  PlotRequest request = options.plot;
  request.log_x = options.log.find('x') != std::string::npos;
  request.log_y = options.log.find('y') != std::string::npos;
  const StoreTable table = StoreReader(options.file).cases(options.sweep, {});
  write_result(plot_svg(plot_of(table, request)), options.output->file);
  return 0;
}

int merge(const StoreOptions& options) {
  SweepStore store(options.file);
  for (const std::string& other : options.others) store.merge(other);
  return 0;
}

struct SubCommand {
  CLI::App* app;
  Options options;
};

SubCommand add(CLI::App& store, Action& action, const char* name, const char* help,
               int (*run)(const StoreOptions&)) {
  CLI::App* command = store.add_subcommand(name, help);
  auto options = std::make_shared<StoreOptions>();
  command->add_option("FILE", options->file, "a store that `sweep` wrote")->required();
  command->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
  return {command, options};
}

void add_sweep_choice(const SubCommand& command) {
  command.app->add_option("--sweep", command.options->sweep,
                          "name or number of a sweep; default: the last");
}

}  // namespace

void add_store(CLI::App& app, Action& action) {
  CLI::App* store = app.add_subcommand("store", "reads what a sweep kept");
  store->require_subcommand(1);

  const SubCommand q = add(*store, action, "query", "answers SQL; nothing is written", &query);
  q.app
      ->add_option("SQL", q.options->sql,
                   "one SELECT, over the view `cases` or the tables result, sweep, sweep_case, "
                   "program")
      ->required();
  q.options->output = add_output_options(*q.app);

  const SubCommand e =
      add(*store, action, "export", "a row a case: inputs, and outputs by their path in the report",
          &export_cases);
  add_sweep_choice(e);
  e.app->add_option("--outputs", e.options->outputs, "paths, as in step.time_s,cost.rental_usd.p50")
      ->delimiter(',');
  e.options->output = add_output_options(*e.app);

  const SubCommand p =
      add(*store, action, "plot", "draws an output or input against another, as SVG", &plot);
  add_sweep_choice(p);
  p.app->add_option("--x", p.options->plot.x, "a key that the sweep sets, or a path")->required();
  p.app->add_option("--y", p.options->plot.y, "a path in the report, as in step.time_s")
      ->required();
  p.app->add_option("--series", p.options->plot.series, "a key or path: one line for each value");
  p.app->add_option("--log", p.options->log, "logarithmic axes: x, y or xy")
      ->check(CLI::IsMember({"x", "y", "xy"}));
  p.options->output = std::make_shared<OutputOptions>();
  p.app->add_option("--output", p.options->output->file, "write the drawing to this file");

  const SubCommand m = add(*store, action, "merge",
                           "takes over what other stores have, as after a sweep in shards", &merge);
  m.app->add_option("OTHER", m.options->others, "stores to read")->required();
}

}  // namespace fleetwright::cli
