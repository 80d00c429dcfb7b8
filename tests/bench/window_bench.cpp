// The dashboard, from the start of its process to its first window.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace fleetwright::gui {
namespace {

void start_to_first_window(benchmark::State& state) {
  const auto program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "fleetwright-gui";
  const auto kept = std::filesystem::temp_directory_path() / "fleetwright-bench-window";
  const std::string command = "QT_QPA_PLATFORM=offscreen '" + program.string() +
                              "' --until-shown --state '" + kept.string() + "' 2>/dev/null";
  for (auto _ : state) {
    if (std::system(command.c_str()) == 0) continue;
    state.SkipWithError("the window did not open");
    break;
  }
  std::filesystem::remove_all(kept);
}
BENCHMARK(start_to_first_window)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace fleetwright::gui
