#include <gtest/gtest.h>

#include <cstdlib>

#include "profiles/gpu/libraries/library_report.hpp"

namespace fleetwright::gpu {
namespace {

TEST(LibraryReport, SaysInALineEachWhatWasFoundOrTried) {
  // CUPTI's variable sends the search where nothing is; the others are searched as ever.
  ASSERT_EQ(setenv("FLEETWRIGHT_CUPTI_LIB", "/nowhere/libcupti.so.13", 1), 0);
  const std::vector<std::string> lines = library_report();
  unsetenv("FLEETWRIGHT_CUPTI_LIB");
  ASSERT_EQ(lines.size(), 3U);
  const char* const titles[] = {"cuBLASLt ", "cuDNN ", "CUPTI "};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].rfind(titles[i], 0), 0U) << lines[i];
    EXPECT_EQ(lines[i].find('\n'), std::string::npos) << lines[i];
    EXPECT_NE(lines[i].find('/'), std::string::npos) << lines[i];
  }
  EXPECT_NE(lines[2].find("tried /nowhere/libcupti.so.13"), std::string::npos) << lines[2];
}

}  // namespace
}  // namespace fleetwright::gpu
