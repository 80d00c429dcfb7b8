#include "profiles/gpu/libraries/library_search.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {
namespace {

namespace fs = std::filesystem;

constexpr LibraryName sample{"Sample", "libsample.so.1", "SAMPLE_LIB"};

/// A folder of its own for each test, removed after it.
class LibrarySearch : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "fleetwright-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = fs::canonical(pattern);
    places_.variable = [this](const std::string& name) {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::string() : found->second;
    };
    places_.toolkits = {root_ / "toolkit"};
    places_.prefixes = {root_ / "system"};
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path file(const fs::path& below) {
    const fs::path path = root_ / below;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "not a library";
    return path;
  }
  std::vector<std::string> candidates() const { return library_candidates(sample, places_); }
  std::size_t position(const std::string& candidate) const {
    const auto all = candidates();
    return static_cast<std::size_t>(std::find(all.begin(), all.end(), candidate) - all.begin());
  }

  fs::path root_;
  std::map<std::string, std::string> variables_;
  SearchPlaces places_;
};

TEST_F(LibrarySearch, TakesWhatTheVariableNamesAndNothingElse) {
  variables_["SAMPLE_LIB"] = file("mine/other-name.so").string();
  EXPECT_EQ(candidates(), std::vector<std::string>{variables_["SAMPLE_LIB"]});
  variables_["SAMPLE_LIB"] = (root_ / "mine").string();
  EXPECT_EQ(candidates(), std::vector<std::string>{(root_ / "mine/libsample.so.1").string()});
}

TEST_F(LibrarySearch, LooksInTheToolkitsBeforeTheLoadersPathAndThenInPackages) {
  variables_["CUDA_PATH"] = (root_ / "second").string();
  variables_["CUDA_HOME"] = (root_ / "first").string();
  const std::string package =
      file("system/lib/python3.11/site-packages/nvidia/cu13/lib/libsample.so.1").string();
  const std::vector<std::string> expected = {
      (root_ / "first/lib64/libsample.so.1").string(),
      (root_ / "first/lib/libsample.so.1").string(),
      (root_ / "first/extras/CUPTI/lib64/libsample.so.1").string(),
      (root_ / "second/lib64/libsample.so.1").string(),
      (root_ / "second/lib/libsample.so.1").string(),
      (root_ / "second/extras/CUPTI/lib64/libsample.so.1").string(),
      (root_ / "toolkit/lib64/libsample.so.1").string(),
      (root_ / "toolkit/lib/libsample.so.1").string(),
      (root_ / "toolkit/extras/CUPTI/lib64/libsample.so.1").string(),
      "libsample.so.1",
      package,
  };
  EXPECT_EQ(candidates(), expected);
}

TEST_F(LibrarySearch, DoesNotTryOneToolkitTwice) {
  variables_["CUDA_HOME"] = variables_["CUDA_PATH"] = (root_ / "toolkit").string();
  EXPECT_EQ(candidates().size(), 4U);
}

TEST_F(LibrarySearch, FindsPackagesOfAVirtualEnvironmentAndOfItsInterpreter) {
  file("python/bin/python3");
  fs::create_directories(root_ / "venv/bin");
  fs::create_symlink(root_ / "python/bin/python3", root_ / "venv/bin/python3");
  const fs::path below = "nvidia/cudnn/lib/libsample.so.1";
  const std::string in_venv = file("venv/lib/python3.12/site-packages" / below).string();
  const std::string resolved = file("python/lib/python3.12/dist-packages" / below).string();
  file("venv/lib/python2.7/site-packages" / below);
  variables_["PATH"] = "/nowhere:" + (root_ / "venv/bin").string() + "::";

  EXPECT_LT(position(in_venv), position(resolved));
  EXPECT_LT(position(resolved), candidates().size());
  for (const std::string& c : candidates()) EXPECT_EQ(c.find("python2"), std::string::npos) << c;
}

TEST_F(LibrarySearch, AsksTheNamedEnvironmentFirstThenTheUserThenTheSystem) {
  const fs::path below = "lib/python3.11/site-packages/nvidia/cu13/lib/libsample.so.1";
  const std::string system = file("system" / below).string();
  const std::string user = file("home/.local" / below).string();
  const std::string named = file("named" / below).string();
  variables_["HOME"] = (root_ / "home").string();
  variables_["VIRTUAL_ENV"] = (root_ / "named").string();
  EXPECT_LT(position(named), position(user));
  EXPECT_LT(position(user), position(system));
  EXPECT_LT(position(system), candidates().size());
}

TEST_F(LibrarySearch, NamesPackageFoldersThatLackTheLibrary) {
  fs::create_directories(root_ / "system/lib/python3.11/site-packages/nvidia/cu13/lib");
  EXPECT_EQ(candidates().back(),
            (root_ / "system/lib/python3.11/site-packages/nvidia/*/lib/libsample.so.1").string());
}

TEST_F(LibrarySearch, OpensTheFirstThatWorks) {
  // Not a library: the loader refuses it and the search goes on to the C library by its name.
  const LibraryName c{"C", "libc.so.6", "C_LIB"};
  file("toolkit/lib64/libc.so.6");
  const SharedLibrary library = open_library(c, places_);
  EXPECT_NE(library.path().find("/libc.so.6"), std::string::npos);
  EXPECT_EQ(library.path().find(root_.string()), std::string::npos);
  EXPECT_NE(library.symbol("strlen"), nullptr);
}

TEST_F(LibrarySearch, SaysWhatWasTriedAndWhyItDidNotOpen) {
  const std::string broken = file("toolkit/lib/libsample.so.1").string();
  try {
    (void)open_library(sample, places_);
    FAIL() << "a library was found that does not exist";
  } catch (const Unavailable& e) {
    const std::string text = e.what();
    for (const std::string& candidate : candidates()) {
      EXPECT_NE(text.find(candidate), std::string::npos) << candidate << " is not in: " << text;
    }
    EXPECT_NE(text.find("SAMPLE_LIB"), std::string::npos);
    EXPECT_NE(text.find(broken + " ("), std::string::npos) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos);
  }
}

TEST_F(LibrarySearch, OpensThePartsThatLieBesideALibrary) {
  // Small libraries of the C library's stand for a library and its parts.
  const auto copy = [this](const char* file, const char* as) {
    const LibraryName name{"C", file, "C_LIB"};
    fs::copy_file(open_library(name, places_).path(), root_ / as);
  };
  copy("libanl.so.1", "libsample.so.1");
  copy("libBrokenLocale.so.1", "libsample-part.so.1.2");
  file("libsample-part.so.broken");
  variables_["SAMPLE_LIB"] = root_.string();
  const SharedLibrary library = open_library(sample, places_);
  const std::string part = (root_ / "libsample-part.so.1.2").string();
  ASSERT_EQ(dlopen(part.c_str(), RTLD_NOW | RTLD_NOLOAD), nullptr);
  EXPECT_EQ(open_beside(library, "libsample-part.so."), 1U);
  EXPECT_NE(dlopen(part.c_str(), RTLD_NOW | RTLD_NOLOAD), nullptr);
  EXPECT_EQ(open_beside(library, "libother"), 0U);
}

TEST_F(LibrarySearch, NamesTheSymbolAndTheLibraryThatLacksIt) {
  const SharedLibrary library = open_library({"C", "libc.so.6", "C_LIB"}, places_);
  try {
    (void)library.symbol("no_such_function");
    FAIL() << "a symbol was found that does not exist";
  } catch (const Unavailable& e) {
    EXPECT_NE(std::string(e.what()).find("no_such_function"), std::string::npos);
    EXPECT_NE(std::string(e.what()).find(library.path()), std::string::npos);
  }
}

}  // namespace
}  // namespace fleetwright::gpu
