#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "models/core/data_files.hpp"
#include "models/core/diagnostics.hpp"
#include "models/core/suggest.hpp"
#include "planner/catalogue.hpp"
#include "planner/cli/commands.hpp"
#include "planner/cli/result.hpp"
#include "planner/output/export_formats.hpp"

namespace fleetwright::cli {
namespace {

/// What `export-check` was asked for.
struct ExportOptions {
  std::vector<std::string> parts;
  std::string date;
  std::string destination = "CN";
  std::shared_ptr<OutputOptions> output;
};

[[noreturn]] void refuse(const std::string& argument, std::string message, std::string suggestion) {
  throw ScenarioError({{{argument, 0, 0}, std::move(message), std::move(suggestion)}});
}

// Those named, in their order; all where none is.
std::vector<ExportPart> chosen(const std::vector<ExportPart>& all,
                               const std::vector<std::string>& names) {
  if (names.empty()) return all;
  std::vector<ExportPart> parts;
  for (const std::string& name : names) {
    const auto it = std::ranges::find(all, name, &ExportPart::id);
    if (it == all.end()) {
      std::vector<std::string> known;
      for (const ExportPart& part : all) known.push_back(part.id);
      refuse("ACCELERATOR", fmt::format("there is no part '{}' in the table of export rules", name),
             did_you_mean(name, known));
    }
    parts.push_back(*it);
  }
  return parts;
}

Date asked_date(const std::string& text, const ExportRules& rules) {
  if (text.empty()) return rules.known_until;
  const auto date = parse_date(text);
  if (!date) refuse("--date", fmt::format("'{}' is no day", text), "write 2023-11-17 or 2023-11");
  return *date;
}

int export_check(const ExportOptions& options) {
  const ExportRules rules = read_export_rules(data_file("planner/data/export_rules.toml"));
  const auto all =
      read_export_parts(data_file("planner/data/export_parts.csv"), catalogue().accelerators);
  ExportQuestion question{
      asked_date(options.date, rules), options.destination, {}, rules.known_until};
  for (const ExportPart& part : chosen(all, options.parts)) {
    question.verdicts.push_back(export_verdict(part, rules, question.date, question.destination));
  }
  write_result(print_export_check(question, options.output->format), options.output->file);
  return 0;
}

}  // namespace

void add_export_check(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "export-check",
      "what may be sold there on that day, by which clause, how close to the line?");
  auto options = std::make_shared<ExportOptions>();
  command->add_option("ACCELERATOR", options->parts, "parts to check; default: all that are known");
  command->add_option("--date", options->date,
                      "day of the sale, 2023-11-17; default: the last day the rules are known for");
  command
      ->add_option("--destination", options->destination,
                   "country of the buyer, two capital letters (ISO 3166)")
      ->check([](const std::string& text) {
        const bool code = text.size() == 2 &&
                          std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
        return code ? std::string() : fmt::format("'{}' is no country code such as CN", text);
      })
      ->capture_default_str();
  options->output = add_output_options(*command);
  command->callback([options, &action] { action = [options] { return export_check(*options); }; });
}

}  // namespace fleetwright::cli
