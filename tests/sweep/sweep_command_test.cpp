#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <thread>

#include "models/core/error.hpp"
#include "planner/sweep/store_reader.hpp"
#include "tests/planner/run_program.hpp"
#include "tests/planner/scenario_text.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

// Two cases are wrong input, as 3 does not divide 8 accelerators.
constexpr std::string_view sweep_text = R"(
schema = "fleetwright.sweep/1"
name = "small"
base = "small.toml"

[[axis]]
key = "strategy.tp"
values = [1, 2, 3, 4]

[[axis]]
key = "training.sequence_length"
values = [2048, 4096]
)";

class Sweeps : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("small.toml", edited(small_scenario, {{"tp = 2\n", ""}}));
    spec_ = folder_.write("sweep.toml", sweep_text);
  }

  [[nodiscard]] std::string file(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  [[nodiscard]] std::string sweep(const std::string& store, const std::string& rest = "",
                                  const std::string& engine = "analytic") const {
    return "sweep --engine " + engine + " --jobs 2 '" + spec_ + "' --store '" + file(store) + "' " +
           rest;
  }
  // Everything that a store holds: nothing in it depends on when and how it was filled, except the
  // order in which results came.
  static std::string content(const std::string& store) {
    StoreReader reader(store);
    std::string out;
    for (const char* sql :
         {"SELECT * FROM program ORDER BY digest", "SELECT * FROM sweep ORDER BY id",
          "SELECT * FROM sweep_case ORDER BY sweep, number", "SELECT * FROM result ORDER BY key",
          "PRAGMA integrity_check"}) {
      out += print(reader.query(sql), "csv");
    }
    return out;
  }

  TemporaryFolder folder_;
  std::string spec_;
};

TEST_F(Sweeps, ComputeEachCaseOnceAndKeepErrorsAsData) {
  const Outcome first = run(sweep("a.sqlite"));
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("computed now 8, there before 0, known from other sweeps 0"));
  EXPECT_THAT(
      first.err,
      HasSubstr(
          "2 of the cases: wrong input, for example case 4: ./small.toml:6:16: error: tp x pp "));
  const Outcome again = run(sweep("a.sqlite"));
  EXPECT_THAT(again.out, HasSubstr("computed now 0, there before 8"));
  const Json rows = Json::parse(
      run("store query '" + file("a.sqlite") +
          "' 'SELECT inputs, outcome, step_time_s FROM cases ORDER BY number' --format json")
          .out);
  ASSERT_EQ(rows.size(), 8U);
  EXPECT_EQ(rows[1]["inputs"], R"({"strategy.tp":1,"training.sequence_length":4096})");
  EXPECT_GT(rows[1]["step_time_s"], rows[0]["step_time_s"]) << "longer sequences take longer";
  EXPECT_EQ(rows[4]["outcome"], "wrong input");
}

TEST_F(Sweeps, AgreeWithAnEstimateOfTheCase) {
  ASSERT_EQ(run(sweep("a.sqlite")).code, 0);
  const std::string sql = "SELECT report FROM cases WHERE number = 3";
  const Json stored =
      Json::parse(run("store query '" + file("a.sqlite") + "' \"" + sql + "\" --format json").out);
  const Outcome alone =
      run("estimate ./small.toml --engine analytic --format json --set strategy.tp=2 "
          "--set training.sequence_length=4096",
          "cd '" + folder_.path().string() + "' && ");
  EXPECT_EQ(Json::parse(stored[0]["report"].get<std::string>()), Json::parse(alone.out))
      << alone.err;
}

TEST_F(Sweeps, TakeWhatAnotherSweepComputed) {
  ASSERT_EQ(run(sweep("a.sqlite")).code, 0);
  folder_.write("sweep.toml", edited(sweep_text, {{"[2048, 4096]", "[1024, 4096]"}}));
  EXPECT_THAT(run(sweep("a.sqlite")).out,
              HasSubstr("computed now 4, there before 0, known from other sweeps 4"));
  // Notes, order and notation of the base scenario change nothing; its values do.
  folder_.write("small.toml",
                "# a note\n" + edited(small_scenario, {{"tp = 2\n", ""}, {"= 16", "= 1_6"}}));
  EXPECT_THAT(run(sweep("a.sqlite")).out, HasSubstr("computed now 0"));
  folder_.write("small.toml", edited(small_scenario, {{"tp = 2\n", ""}, {"= 16", "= 32"}}));
  EXPECT_THAT(run(sweep("a.sqlite")).out, HasSubstr("computed now 8"));
}

TEST_F(Sweeps, ShareSimulationsWithWhoeverAsks) {
  const std::string store = file("a.sqlite"), small = file("small.toml");
  const auto simulated = [&] {
    return run("store query '" + store + "' 'SELECT count(*) FROM engine_run' --format csv").out;
  };
  const std::string estimate = "estimate '" + small + "' --engine simgrid --set strategy.tp=2 " +
                               "--format json --quiet --set training.sequence_length=";
  spec_ = folder_.write("sweep.toml", edited(sweep_text, {{"[1, 2, 3, 4]", "[1, 2]"}}));
  ASSERT_EQ(run(sweep("a.sqlite", "", "simgrid")).code, 0);
  EXPECT_EQ(simulated(), "count(*)\n0\n") << "some MB each: only if asked for";
  ASSERT_EQ(run(estimate + "1024 --store '" + store + "'").code, 0);
  EXPECT_EQ(simulated(), "count(*)\n1\n");
  folder_.write("sweep.toml", edited(sweep_text, {{"[1, 2, 3, 4]", "[1, 2]"}, {"2048", "1024"}}));
  ASSERT_EQ(run(sweep("a.sqlite", "--keep-runs", "simgrid")).code, 0);
  EXPECT_EQ(simulated(), "count(*)\n2\n") << "4096 is known, one of 1024 is simulated anew";

  EXPECT_EQ(run(estimate + "1024 --store '" + store + "' --take-only").out,
            run(estimate + "1024").out);
  // That they are taken shows when they are not whole.
  SqlDatabase(store, SqlDatabase::Mode::read_write_create)
      .execute("UPDATE engine_run SET run = substr(run, 1, 100)");
  const Outcome cut = run(estimate + "1024 --store '" + store + "' --take-only");
  EXPECT_EQ(cut.code, 1);
  EXPECT_THAT(cut.err, HasSubstr("a run that is cut short"));
  const Outcome plan = run("plan '" + small + "' --engine simgrid --store '" + store + "'");
  EXPECT_EQ(plan.code, 0) << plan.err;
}

TEST_F(Sweeps, ComeToTheSameInShards) {
  ASSERT_EQ(run(sweep("whole.sqlite")).code, 0);
  ASSERT_EQ(run(sweep("1.sqlite", "--shard 1/3")).code, 0);
  ASSERT_EQ(run(sweep("2.sqlite", "--shard 2/3")).code, 0);
  ASSERT_EQ(run(sweep("3.sqlite", "--shard 3/3")).code, 0);
  const Outcome merged = run("store merge '" + file("merged.sqlite") + "' '" + file("3.sqlite") +
                             "' '" + file("1.sqlite") + "' '" + file("2.sqlite") + "'");
  ASSERT_EQ(merged.code, 0) << merged.err;
  EXPECT_EQ(content(file("whole.sqlite")), content(file("merged.sqlite")));
  EXPECT_EQ(run(sweep("4.sqlite", "--shard 4/3")).code, 2);
}

TEST_F(Sweeps, ExportAndDraw) {
  ASSERT_EQ(run(sweep("a.sqlite")).code, 0);
  const Outcome csv = run("store export '" + file("a.sqlite") +
                          "' --format csv --outputs step.time_s,cost.rental_usd.p50");
  EXPECT_THAT(csv.out,
              HasSubstr("number,outcome,error,strategy.tp,training.sequence_length,step.time_s"));
  const Outcome svg = run("store plot '" + file("a.sqlite") +
                          "' --x strategy.tp --y step.time_s --series training.sequence_length");
  EXPECT_EQ(svg.code, 0) << svg.err;
  EXPECT_THAT(svg.out, HasSubstr(">strategy.tp</text>"));
  EXPECT_THAT(svg.out, HasSubstr(">4096</text>")) << "a series";
}

TEST_F(Sweeps, TellWhatIsWrongBeforeTheFirstCase) {
  folder_.write("sweep.toml",
                "base = \"small.toml\"\n[[axis]]\nkey = \"strategy.tp\"\nvalue = [1]\n");
  const Outcome wrong = run(sweep("a.sqlite"));
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("unknown key 'axis[0].value'"));
  EXPECT_FALSE(std::filesystem::exists(file("a.sqlite")));
  EXPECT_EQ(run("sweep '" + file("none.toml") + "' --store '" + file("a.sqlite") + "'").code, 1);
  EXPECT_EQ(run("store query '" + file("a.sqlite") + "' 'SELECT 1'").code, 1);
}

// A limit on the size of files stands for a disk that is full.
TEST_F(Sweeps, GoOnAfterAFullDisk) {
  ASSERT_EQ(run(sweep("whole.sqlite")).code, 0);
  const Outcome full = run(sweep("a.sqlite"), "ulimit -f 120; trap '' XFSZ; ");
  EXPECT_EQ(full.code, 1) << full.out;
  EXPECT_THAT(full.err, HasSubstr("a.sqlite"));
  const Outcome rest = run(sweep("a.sqlite"));
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_EQ(content(file("whole.sqlite")), content(file("a.sqlite")));
}

// Cases that a reader sees; none where there is no store yet.
std::size_t rows_of(const std::string& store) try {
  StoreReader reader(store);
  const std::string rows = print(reader.query("SELECT count(*) AS n FROM cases"), "json");
  return Json::parse(rows)[0]["n"];
} catch (const Error&) {
  return 0;
}

/// A sweep that runs beside the test, and may be killed.
class RunningSweep {
 public:
  RunningSweep(const std::string& spec, const std::string& store) {
    std::vector<std::string> words{program(), "sweep", "--quiet", "--engine", "analytic",
                                   "--jobs",  "2",     spec,      "--store",  store};
    std::vector<char*> arguments;
    for (std::string& w : words) arguments.push_back(w.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files{};
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn(&pid_, words[0].c_str(), &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
  }
  /// Kills it that long after its start, unless it has ended; true if it was killed.
  bool kill_after(std::chrono::microseconds time) const {
    std::this_thread::sleep_for(time);
    ::kill(pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return WIFSIGNALED(status);
  }

 private:
  pid_t pid_ = -1;
};

// Kills sweeps with SIGKILL at random moments until 100 have been hit. Whenever one comes to its
// end, its store must be that of a sweep that nobody disturbed, and another begins.
TEST_F(Sweeps, LoseNothingWhenKilledAHundredTimes) {
  // Four cases, a wrong one among them.
  folder_.write("sweep.toml", edited(sweep_text, {{"[2048, 4096]", "[2048]"}}));
  const auto begun = std::chrono::steady_clock::now();
  ASSERT_EQ(run(sweep("whole.sqlite")).code, 0);
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begun;
  const std::string undisturbed = content(file("whole.sqlite"));
  std::mt19937 random(1);
  // From the first instants, when the file is made, to the end of the whole sweep.
  std::uniform_real_distribution<double> share(0, 0.7);
  int kills = 0, stores = 0;
  std::size_t rows_before = 0;
  std::string store;
  while (kills < 100 || !store.empty()) {
    if (store.empty()) {
      store = file("killed" + std::to_string(++stores) + ".sqlite");
      rows_before = 0;
    }
    // After the hundredth, the last sweep comes to its end.
    const double time = kills < 100 ? share(random) * whole.count() : 600;
    if (kills >= 100) {
      ASSERT_EQ(
          run("sweep --quiet --engine analytic --jobs 2 '" + spec_ + "' --store '" + store + "'")
              .code,
          0);
    } else if (RunningSweep(spec_, store)
                   .kill_after(std::chrono::microseconds(static_cast<std::int64_t>(1e6 * time)))) {
      ++kills;
      // What was finished stays: a reader sees whole rows, and never fewer than before.
      const std::size_t rows = rows_of(store);
      EXPECT_GE(rows, rows_before);
      rows_before = rows;
      continue;
    }
    ASSERT_EQ(content(store), undisturbed) << store << " after " << kills << " kills";
    store.clear();
  }
  RecordProperty("stores", stores);
}

}  // namespace
}  // namespace fleetwright::testing
