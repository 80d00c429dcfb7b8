#include "models/core/data_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

TEST(DataFiles, FindsFilesAndFoldersOfTheSourceTree) {
  EXPECT_TRUE(std::filesystem::is_directory(data_file("models/zoo")));
  EXPECT_TRUE(std::filesystem::is_regular_file(data_file("models/data/precision.toml")));
}

TEST(DataFiles, NamesThePlacesTried) {
  try {
    static_cast<void>(data_file("models/zoo/none.json"));
    FAIL() << "there is no such file";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), ::testing::HasSubstr("cannot find the data file 'models/zoo/none.json'"));
    EXPECT_THAT(e.what(), ::testing::HasSubstr("models/zoo/none.json, "));
  }
}

}  // namespace
}  // namespace fleetwright
