// The program as it is built: what it says, and that it starts where nothing is installed.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

#include "profiles/gpu/timing/gpu_info.hpp"

namespace fleetwright::gpu {
namespace {

struct Ended {
  int code = 0;
  std::string text;  // standard output and standard error
};

Ended run(const std::string& command) {
  Ended ended;
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    ended.text.append(buffer.data(), got);
  }
  ended.code = WEXITSTATUS(pclose(pipe));
  return ended;
}

const std::string program = FLEETWRIGHT_PROFILE_PROGRAM;

TEST(ProfileProgram, SaysInOneLineWhatIsMissing) {
  const std::string problem = gpu_problem();
  if (problem.empty()) GTEST_SKIP() << "there is a GPU: nothing is missing";
  const Ended ended = run(program + " --suite ceilings");
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.text, "fleetwright-profile: " + problem + "\n");
}

TEST(ProfileProgram, NamesItsCasesWithoutAGpu) {
  const Ended ended = run(program + " --list --suite v3 --filter 'rmsnorm_backward.*7168'");
  EXPECT_EQ(ended.code, 0);
  EXPECT_NE(ended.text.find("fleetwright.rmsnorm_backward: rmsnorm_backward backward rows=4096 "
                            "columns=7168, 132 SMs\n"),
            std::string::npos)
      << ended.text;
}

TEST(ProfileProgram, RefusesAWrongCall) {
  EXPECT_EQ(run(program + " --suite v4").code, 2);
  EXPECT_EQ(run(program + " --help").code, 0);
}

TEST(ProfileProgram, NeedsNoLibraryThatABareMachineLacks) {
  const Ended ended = run("readelf -d " + program);
  ASSERT_EQ(ended.code, 0) << ended.text;
  for (const char* library : {"libfmt", "libtoml", "libcuda", "libcudart", "libcupti", "libcublas",
                              "libcudnn", "libstdc++"}) {
    EXPECT_EQ(ended.text.find(library), std::string::npos) << library;
  }
}

}  // namespace
}  // namespace fleetwright::gpu
