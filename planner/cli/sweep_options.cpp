#include "planner/cli/sweep_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "planner/cli/result.hpp"
#include "planner/output/listing.hpp"

namespace fleetwright::cli {
namespace {

constexpr int most_jobs = 1024;

// "2/8" is the second of eight.
std::optional<Shard> parse_shard(const std::string& text) {
  std::size_t number = 0;
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, number);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '/') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, shard.of);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  if (number < 1 || number > shard.of) return std::nullopt;
  shard.first = number - 1;
  return shard;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::shared_ptr<SweepOptions> add_sweep_options(CLI::App& command) {
  auto options = std::make_shared<SweepOptions>();
  command.add_option("SPEC", options->spec, "a sweep: a base scenario and axes")->required();
  command
      .add_option("--store", options->store,
                  "the SQLite file that keeps the results; what it has is not computed again")
      ->required();
  command.add_option("--jobs", options->jobs, "cases at the same time; default: one a processor")
      ->check(CLI::Range(1, most_jobs));
  command.add_option("--shard", options->shard, "i/n: every nth case alone, from the ith on")
      ->check([](const std::string& text) {
        return parse_shard(text) ? "" : "is i/n with i from 1 to n, as in 2/8";
      });
  command.add_option("--engine", options->engine, "analytic or simgrid; default: the scenario's")
      ->check(CLI::IsMember({"analytic", "simgrid"}));
  command.add_flag("--retry", options->retry,
                   "try cases again that failed, crashed or were too slow");
  command.add_flag("--keep-runs", options->keep_runs,
                   "keep simulations too, some MB each, for `plan` and other sweeps; not under "
                   "mpirun");
  command
      .add_option("--lost-after", options->lost_after_s,
                  "under mpirun: seconds of silence after which a worker is taken for lost")
      ->check(CLI::Range(1.0, 86'400.0))
      ->capture_default_str();
  options->output = add_output_options(command);
  return options;
}

SweepRequest request_of(const SweepOptions& options, const std::filesystem::path& program) {
  return {options.spec,  options.store, options.engine,     *parse_shard(options.shard),
          options.retry, program,       FLEETWRIGHT_VERSION};
}

void print_summary(Sweep& sweep, const SweepOptions& options) {
  Listing listing{{"outcome", "cases"}, {}};
  for (const SweepStore::EndCount& c : sweep.store.count_ends()) {
    listing.rows.push_back({c.end, fmt::format("{}", c.cases)});
    if (!c.first_error.empty()) {
      fmt::print(stderr, "fleetwright: {} of the cases: {}, for example case {}: {}\n", c.cases,
                 c.end, c.first_number, first_line(c.first_error));
    }
  }
  const SweepTally& tally = sweep.queue.tally();
  std::string text = print(listing, options.output->format);
  if (options.output->format == "table") {
    text += fmt::format("computed now {}, there before {}, known from other sweeps {}\n",
                        tally.computed, tally.were_there, tally.known);
  }
  write_result(text, options.output->file);
}

std::filesystem::path this_program() { return std::filesystem::read_symlink("/proc/self/exe"); }

}  // namespace fleetwright::cli
