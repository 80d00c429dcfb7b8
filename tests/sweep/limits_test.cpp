// What is too large is refused, soon and with a reason; what is there is not written over by half.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/planner/run_program.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Limits : public ::testing::Test {
 protected:
  // Within 6 GB of addresses; sanitizers reserve terabytes.
  static Outcome run_bounded(const std::string& arguments) {
#ifdef FLEETWRIGHT_SANITIZED
    return run(arguments);
#else
    return run(arguments, "ulimit -v 6000000; ");
#endif
  }
  [[nodiscard]] Outcome estimate(const Edits& edits, const std::string& rest = "") const {
    const std::string file = folder_.write("x.toml", edited(small_scenario, edits));
    return run_bounded("estimate '" + file + "' --engine analytic --format json " + rest);
  }
  TemporaryFolder folder_;
};

TEST_F(Limits, TenMillionGpusAreRefusedAndAMillionAnswered) {
  const Outcome o = estimate({{"accelerators = 8", "accelerators = 10_000_000"},
                              {"global_batch = 16", "global_batch = 5_000_000"}});
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("x.toml:6:16: error: cluster.accelerators = 10000000 is outside"));
  const Outcome million =
      estimate({{"accelerators = 8", "accelerators = 1_000_000\ntopology = \"single-switch\""},
                {"global_batch = 16", "global_batch = 500_000"}});
  EXPECT_EQ(million.code, 0) << million.err;
}

TEST_F(Limits, ABillionMicroBatchesAreRefused) {
  const Outcome many = estimate({{"global_batch = 16", "global_batch = 1_000_000_000"}});
  EXPECT_EQ(many.code, 2);
  EXPECT_THAT(many.err, HasSubstr("outside 1 to 100000000"));
  const Outcome passes = estimate({{"global_batch = 16", "global_batch = 100_000_000"}});
  EXPECT_EQ(passes.code, 2);
  EXPECT_THAT(passes.err, HasSubstr("are simulated"));
}

TEST_F(Limits, AConfigOfFourGigabytesIsRefusedUnread) {
  const std::string config = folder_.write("config.json", "{}");
  std::filesystem::resize_file(config, std::uintmax_t{4} << 30);  // all hole, no disk
  const Outcome o = estimate({{"\"llama-3.1-8b\"", "\"config.json\""}});
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("has 4294967296 bytes, and at most 67108864 are read"));
}

TEST_F(Limits, WhatIsNoFileIsNotWaitedFor) {
  const std::string pipe = folder_.path() / "pipe.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& config : {pipe, std::string("/dev/zero"), std::string("/proc/self/mem"),
                                    folder_.path().string() + "/"}) {
    const Outcome o = estimate({{"\"llama-3.1-8b\"", '"' + config + '"'}});
    EXPECT_EQ(o.code, 2) << config;
    EXPECT_THAT(o.err, HasSubstr("x.toml:2:10: error: cannot read '"));
  }
}

TEST_F(Limits, DeeplyNestedInputIsRefused) {
  const std::string deep(1 << 20, '[');
  folder_.write("config.json", "{\"a\": " + deep);
  EXPECT_EQ(estimate({{"\"llama-3.1-8b\"", "\"config.json\""}}).code, 2);
  const std::string file = folder_.write("deep.toml", "a = " + deep);
  EXPECT_EQ(run_bounded("estimate '" + file + "'").code, 2);
  EXPECT_EQ(run_bounded("estimate '" + file + "' --set 'a=" + std::string(50'000, '[') + "'").code,
            2);
}

TEST_F(Limits, AnOutputReplacesAFileWholeAndFollowsNoHalfWay) {
  const std::string out = folder_.write("out.json", "old");
  const std::string linked = folder_.write("target.json", "kept");
  const std::string link = (folder_.path() / "link.json").string();
  std::filesystem::create_symlink(linked, link);
  EXPECT_EQ(estimate({{"tp = 2", "tp = 3"}}, "--output '" + out + "'").code, 2);
  EXPECT_EQ(read_text(out), "old") << "a failed run leaves what was there";
  EXPECT_EQ(estimate({}, "--output '" + out + "'").code, 0);
  EXPECT_THAT(read_text(out), HasSubstr("fleetwright.report/1"));
  EXPECT_EQ(estimate({}, "--output '" + link + "'").code, 0);
  EXPECT_EQ(read_text(linked), "kept") << "a link is replaced, not written through";
  EXPECT_THAT(read_text(link), HasSubstr("fleetwright.report/1"));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
}

TEST_F(Limits, AnOutputThatCannotBeWrittenSaysWhy) {
  const std::string folder = folder_.path().string();
  for (const std::string option : {"--output", "--trace"}) {
    const auto to = [&](const std::string& file) {
      const Outcome o = estimate({}, option + " '" + file + "'");
      EXPECT_EQ(o.code, 1) << option << " " << file;
      EXPECT_THAT(o.err, HasSubstr("cannot write '" + file + "': "));
      return o.err;
    };
    EXPECT_THAT(to(folder), HasSubstr("Is a directory"));
    EXPECT_THAT(to(folder + "/none/out"), HasSubstr("No such file or directory"));
    EXPECT_THAT(to("/dev/full"), HasSubstr("No space left on device"));
  }
  EXPECT_EQ(estimate({}, "> /dev/full").code, 1);
}

TEST_F(Limits, ALinkInACircleIsReplaced) {
  const std::string circle = (folder_.path() / "circle.json").string();
  std::filesystem::create_symlink(circle, circle);
  EXPECT_EQ(estimate({}, "--output '" + circle + "'").code, 0);
  EXPECT_THAT(read_text(circle), HasSubstr("fleetwright.report/1"));
}

// Who guesses the name of the temporary file gets nothing written through a link of that name. The
// program has the process id of the shell that becomes it.
TEST_F(Limits, ATemporaryFileIsNeverALink) {
  const std::string file = folder_.write("x.toml", small_scenario);
  const std::string victim = folder_.write("victim", "kept");
  const std::string out = (folder_.path() / "out.json").string();
  const Outcome o = run("estimate '" + file + "' --engine analytic --output '" + out + "'",
                        "ln -s '" + victim + "' '" + out + "'.$$.tmp; exec ");
  EXPECT_EQ(o.code, 1);
  EXPECT_THAT(o.err, HasSubstr("File exists"));
  EXPECT_EQ(read_text(victim), "kept");
}

}  // namespace
}  // namespace fleetwright::testing
