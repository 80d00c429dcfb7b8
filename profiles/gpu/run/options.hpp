#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace fleetwright::gpu {

enum class CounterMode : std::uint8_t { automatic, off, full };

/// What the command line asks for.
struct Options {
  std::vector<std::string> suites;   // names of builtin_suites, in their order
  std::optional<std::regex> filter;  // of case names
  std::filesystem::path output;      // holds a folder for each accelerator
  double budget_s = 0;               // 0: none
  CounterMode counters = CounterMode::automatic;
  bool check = false;             // compare with the references, measure nothing
  bool list = false;              // name the cases, measure nothing
  std::size_t plans = 0;          // print so many plans of each product, measure nothing
  bool overlap = false;           // products beside a copy, nothing else
  std::filesystem::path report;   // a table to show as rates; empty: none
  std::filesystem::path compare;  // a table to show library beside library; empty: none
  std::optional<std::uint64_t> seed;
  std::string command;  // the call, for the record
};

/// Either options, or the exit code with which --help or a wrong call ends (its text is printed).
struct ParsedOptions {
  std::optional<Options> options;
  int exit_code = 0;
};

[[nodiscard]] ParsedOptions parse_options(int argc, const char* const* argv);

}  // namespace fleetwright::gpu
