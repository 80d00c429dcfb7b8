#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "tests/fuzz/input.hpp"
#include "tests/planner/scenario_text.hpp"

// The fuzz targets on their seeds, among which is each input that once broke a reader. Here every
// target is compiled under a name of its own, which also shows that it still compiles.
#define FLEETWRIGHT_FUZZ_TARGETS(TARGET) \
  TARGET(cases)                          \
  TARGET(csv)                            \
  TARGET(estimate)                       \
  TARGET(export_parts)                   \
  TARGET(export_rules)                   \
  TARGET(measured)                       \
  TARGET(model_config)                   \
  TARGET(overrides)                      \
  TARGET(prices)                         \
  TARGET(scenario)                       \
  TARGET(sweep)                          \
  TARGET(toml)                           \
  TARGET(uncertainty)                    \
  TARGET(units)                          \
  FLEETWRIGHT_FUZZ_TARGETS_OF_GUI(TARGET)

#ifdef FLEETWRIGHT_FUZZ_WITH_GUI
#define FLEETWRIGHT_FUZZ_TARGETS_OF_GUI(TARGET) TARGET(trace)
#else
#define FLEETWRIGHT_FUZZ_TARGETS_OF_GUI(TARGET)
#endif

#define FLEETWRIGHT_DECLARE(name) \
  extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
FLEETWRIGHT_FUZZ_TARGETS(FLEETWRIGHT_DECLARE)

namespace fleetwright::testing {
namespace {

#define FLEETWRIGHT_ROW(name) {#name, fuzz_##name},
const std::map<std::string, int (*)(const std::uint8_t*, std::size_t)> targets{
    FLEETWRIGHT_FUZZ_TARGETS(FLEETWRIGHT_ROW)};

TEST(FuzzSeeds, AreReadOrRefusedAndSomeAreGood) {
  for (const auto& [name, target] : targets) {
    fuzzing::good_inputs = 0;
    for (const auto& file : std::filesystem::directory_iterator("tests/fuzz/corpus/" + name)) {
      SCOPED_TRACE(file.path());
      const std::string text = read_text(file.path());
      EXPECT_EQ(target(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), 0);
    }
    EXPECT_GT(fuzzing::good_inputs, 0U) << name << ": no seed is in its format";
  }
}

TEST(FuzzSeeds, HaveATargetEach) {
  for (const auto& folder : std::filesystem::directory_iterator("tests/fuzz/corpus")) {
    const std::string name = folder.path().filename();
#ifndef FLEETWRIGHT_FUZZ_WITH_GUI
    if (name == "trace") continue;
#endif
    EXPECT_TRUE(targets.contains(name)) << name;
  }
}

}  // namespace
}  // namespace fleetwright::testing
