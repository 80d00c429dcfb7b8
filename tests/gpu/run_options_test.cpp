#include <gtest/gtest.h>

#include "profiles/gpu/run/options.hpp"
#include "profiles/gpu/run/progress.hpp"

namespace fleetwright::gpu {
namespace {

ParsedOptions parse(std::vector<const char*> words) {
  words.insert(words.begin(), "fleetwright-profile");
  return parse_options(static_cast<int>(words.size()), words.data());
}

TEST(ProfileOptions, MeasureEverythingByDefault) {
  const ParsedOptions parsed = parse({});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->suites, (std::vector<std::string>{"ceilings", "v3", "decode", "grid"}));
  EXPECT_EQ(parsed.options->output, "profiles/data/measured");
  EXPECT_EQ(parsed.options->counters, CounterMode::automatic);
  EXPECT_EQ(parsed.options->budget_s, 0);
  EXPECT_FALSE(parsed.options->check);
  EXPECT_FALSE(parsed.options->filter);
  EXPECT_EQ(parsed.options->command, "fleetwright-profile");
}

TEST(ProfileOptions, AreRead) {
  const ParsedOptions parsed =
      parse({"--suite", "v3", "--filter", "gemm.*fp8", "--output", "there", "--budget", "540",
             "--counters", "full", "--check", "--seed", "7"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->suites, std::vector<std::string>{"v3"});
  EXPECT_TRUE(std::regex_search("cublas.gemm: gemm fp8", *parsed.options->filter));
  EXPECT_EQ(parsed.options->output, "there");
  EXPECT_EQ(parsed.options->budget_s, 540);
  EXPECT_EQ(parsed.options->counters, CounterMode::full);
  EXPECT_TRUE(parsed.options->check);
  EXPECT_EQ(parsed.options->seed, 7U);
  EXPECT_EQ(parsed.options->command,
            "fleetwright-profile --suite v3 --filter gemm.*fp8 --output there --budget 540 "
            "--counters full --check --seed 7");
}

std::string message_of(const std::vector<const char*>& words) {
  ::testing::internal::CaptureStderr();
  const ParsedOptions parsed = parse(words);
  EXPECT_FALSE(parsed.options);
  EXPECT_EQ(parsed.exit_code, 2);
  return ::testing::internal::GetCapturedStderr();
}

TEST(ProfileOptions, RefuseAWrongCall) {
  EXPECT_NE(message_of({"--suite", "v4"}).find("--suite: v4 not in {all,ceilings,v3,decode,grid}"),
            std::string::npos);
  EXPECT_NE(message_of({"--filter", "("}).find("--filter: '(' is no expression"),
            std::string::npos);
  EXPECT_NE(message_of({"--budget", "0"}).find("--budget: Value 0 not in range"),
            std::string::npos);
  EXPECT_NE(message_of({"--counters", "some"}).find("--counters"), std::string::npos);
  EXPECT_NE(message_of({"--fast"}).find("fast"), std::string::npos);
}

TEST(Progress, RoundsDurations) {
  EXPECT_EQ(rough_duration(12.4), "12 s");
  EXPECT_EQ(rough_duration(130), "2 min 10 s");
  EXPECT_EQ(rough_duration(3 * 3600 + 61), "3 h 1 min");
  EXPECT_EQ(rough_duration(-5), "0 s");
}

}  // namespace
}  // namespace fleetwright::gpu
