#include <benchmark/benchmark.h>

#include "tests/bench/tables.hpp"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  fleetwright::bench::print_scale_table();
  fleetwright::bench::print_part_table();
  return 0;
}
