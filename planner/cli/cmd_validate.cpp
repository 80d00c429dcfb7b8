#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include "planner/cli/commands.hpp"
#include "planner/cli/result.hpp"
#include "planner/output/scatter_svg.hpp"
#include "planner/output/validation_formats.hpp"
#include "planner/validation/case_summary.hpp"
#include "sim/simgrid/simulated_estimator.hpp"

namespace fleetwright::cli {
namespace {

constexpr int exit_input = 2;

/// What `validate` was asked for.
struct ValidateOptions {
  std::vector<std::string> files;
  std::string engine = "analytic";
  std::string filter;
  std::string plot;
  std::shared_ptr<OutputOptions> output;
};

// Words are looked for in what names a case.
bool matches(const ValidationCase& c, const std::string& filter) {
  for (const std::string* text : {&c.id, &c.family, &c.source, &c.gpu, &c.framework}) {
    if (text->find(filter) != std::string::npos) return true;
  }
  return false;
}

CaseFile read_all(const ValidateOptions& options) {
  CaseFile all;
  for (const std::string& file : options.files) {
    CaseFile one = read_cases(file);
    std::ranges::move(one.cases, std::back_inserter(all.cases));
    std::ranges::move(one.wrong, std::back_inserter(all.wrong));
  }
  std::erase_if(all.cases, [&](const ValidationCase& c) { return !matches(c, options.filter); });
  return all;
}

std::vector<CaseResult> predict(const ValidateOptions& options, std::vector<ValidationCase> cases,
                                const CaseData& data) {
  const bool simulates = options.engine == "simgrid";
  const bool shows = !options.output->quiet && ::isatty(STDERR_FILENO) == 1;
  const std::size_t count = cases.size();
  const auto progress = [&](std::size_t through) {
    if (shows) fmt::print(stderr, "\r{} of {} cases", through, count);
    if (shows && through == count) fmt::print(stderr, "\r\033[K");
  };
  // SimGrid has one clock a process; its runs go on in child processes, one at a time.
  const int threads =
      simulates ? 1 : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const MakeEstimator make = [&]() -> std::unique_ptr<Estimator> {
    if (simulates) return std::make_unique<SimulatedEstimator>();
    return std::make_unique<AnalyticEstimator>();
  };
  return predict_cases(std::move(cases), data, make, threads, progress);
}

std::string plot_of(const std::vector<CaseResult>& results) {
  std::vector<ScatterPoint> points;
  for (const CaseResult& r : results) {
    if (!r.error()) continue;
    points.push_back({r.measured.measured_time->si(), r.time->si(), r.measured.gpu, r.measured.id});
  }
  return scatter_svg(points);
}

int validate(const ValidateOptions& options) {
  CaseFile file = read_all(options);
  const CaseData data = read_case_data();
  const std::vector<CaseResult> results = predict(options, std::move(file.cases), data);
  const ValidationSummary summary = summarize(results);
  const std::string& format = options.output->format;
  if (!options.plot.empty()) write_result(plot_of(results), options.plot);
  write_result(format == "json" ? validation_json(results, summary, options.engine)
                                : print_validation(results, summary, format),
               options.output->file);
  if (file.wrong.empty()) return 0;
  fmt::print(stderr, "{}", render(file.wrong));
  return exit_input;
}

}  // namespace

void add_validate(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("validate", "how far from published measurements?");
  auto options = std::make_shared<ValidateOptions>();
  command
      ->add_option("CASES", options->files,
                   "case files (CSV); a row that cannot be read is shown and the others go on")
      ->required();
  command->add_option("--engine", options->engine, "analytic or simgrid")
      ->check(CLI::IsMember({"analytic", "simgrid"}))
      ->capture_default_str();
  command->add_option("--filter", options->filter,
                      "only cases whose id, family, source, GPU or framework contains this");
  command->add_option("--plot", options->plot,
                      "draw predicted against measured into this SVG file");
  options->output = add_output_options(*command);
  command->callback([options, &action] { action = [options] { return validate(*options); }; });
}

}  // namespace fleetwright::cli
