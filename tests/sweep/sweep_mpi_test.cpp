#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "planner/sweep/store_reader.hpp"
#include "tests/planner/run_program.hpp"
#include "tests/planner/scenario_text.hpp"

// Sweeps under Open MPI: three workers and a coordinator.
namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;

class SweepsUnderMpi : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path sibling =
        std::filesystem::path(program()).parent_path() / "fleetwright-sweep-mpi";
    if (!std::filesystem::exists(sibling)) GTEST_SKIP() << "built without MPI";
    if (std::system("command -v mpirun >/dev/null") != 0) GTEST_SKIP() << "no mpirun";
    folder_.write("small.toml", edited(small_scenario, {{"tp = 2\n", ""}}));
    spec_ = folder_.write(
        "sweep.toml",
        "base = \"small.toml\"\n[[axis]]\nkey = \"strategy.tp\"\nvalues = [1, 2, 3, 4]\n"
        "[[axis]]\nkey = \"training.sequence_length\"\nfrom = 1024\nto = 4096\n"
        "step = 1024\n");
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  [[nodiscard]] std::string sweep(const std::string& store) const {
    return "sweep --engine analytic '" + spec_ + "' --store '" + file(store) + "'";
  }
  // Open MPI leaves what its plugins allocated to the end of the process.
  static std::string mpirun(const std::string& options) {
    return "env LSAN_OPTIONS=detect_leaks=0 mpirun --allow-run-as-root --oversubscribe -n 4 " +
           options + " ";
  }
  static std::string content(const std::string& store) {
    return print(
        StoreReader(store).query(
            "SELECT sweep, number, inputs, outcome, error, key, report FROM cases ORDER BY number"),
        "csv");
  }
  TemporaryFolder folder_;
  std::string spec_;
};

TEST_F(SweepsUnderMpi, FillTheSameStore) {
  ASSERT_EQ(run(sweep("alone.sqlite")).code, 0);
  const Outcome o = run(sweep("mpi.sqlite"), mpirun(""));
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.err, HasSubstr("16 cases in "));
  EXPECT_THAT(o.err, HasSubstr("3 workers, 0 lost"));
  // It waits far longer than it works, however cheap the cases are.
  const auto feeds = o.err.find("can feed ");
  ASSERT_NE(feeds, std::string::npos) << o.err;
  EXPECT_GT(std::stod(o.err.substr(feeds + 9)), 3) << o.err;
  EXPECT_THAT(o.out, HasSubstr("computed now 16, there before 0"));
  EXPECT_EQ(content(file("alone.sqlite")), content(file("mpi.sqlite")));
  EXPECT_THAT(run(sweep("mpi.sqlite"), mpirun("")).out,
              HasSubstr("computed now 0, there before 16"));
}

// One worker is killed while it computes a case: from its start it has a child, the shell that
// kills it, and then a second one. The sweep comes to its end, and so does mpirun.
TEST_F(SweepsUnderMpi, HandOutAgainWhatALostWorkerHad) {
  ASSERT_EQ(run(sweep("alone.sqlite")).code, 0);
  const std::string dies =
      "sh -c '[ $OMPI_COMM_WORLD_RANK = 2 ] && (until [ $(wc -w < /proc/$$/task/$$/children) -gt 1 "
      "]; do sleep 0.01; done; kill -9 $$) & exec \"$@\"' sh";
  const Outcome o = run(sweep("mpi.sqlite") + " --lost-after 3",
                        "timeout -k 5 60 " + mpirun("--enable-recovery") + dies + " ");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.err, HasSubstr("3 workers, 1 lost"));
  EXPECT_EQ(content(file("alone.sqlite")), content(file("mpi.sqlite")));
}

TEST_F(SweepsUnderMpi, EndWhenTheSweepIsWrong) {
  folder_.write("sweep.toml", "base = \"small.toml\"\n");
  const Outcome o = run(sweep("mpi.sqlite"), mpirun(""));
  EXPECT_NE(o.code, 0);
  EXPECT_THAT(o.err, HasSubstr("a sweep needs axes"));
}

}  // namespace
}  // namespace fleetwright::testing
