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
        "[[axis]]\nkey = \"training.sequence_length\"\nfrom = 512\nto = 4096\n"
        "step = 512\n");
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  [[nodiscard]] std::string sweep(const std::string& store) const {
    return "sweep --engine analytic '" + spec_ + "' --store '" + file(store) + "'";
  }
  static std::string mpirun(const std::string& options) {
    return "mpirun --allow-run-as-root --oversubscribe -n 4 " + options + " ";
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
  EXPECT_THAT(o.err, HasSubstr("3 workers, 0 lost"));
  EXPECT_THAT(o.out, HasSubstr("computed now 32, there before 0"));
  EXPECT_EQ(content(file("alone.sqlite")), content(file("mpi.sqlite")));
  EXPECT_THAT(run(sweep("mpi.sqlite"), mpirun("")).out,
              HasSubstr("computed now 0, there before 32"));
}

// One worker is killed as soon as results arrive. The sweep comes to its end; mpirun of Open
// MPI 4.1 was seen not to return after that, so that only what the sweep left is looked at.
TEST_F(SweepsUnderMpi, HandOutAgainWhatALostWorkerHad) {
  ASSERT_EQ(run(sweep("alone.sqlite")).code, 0);
  const std::string dies = "sh -c '[ $OMPI_COMM_WORLD_RANK = 2 ] && (until [ -s " +
                           file("mpi.sqlite-wal") +
                           " ]; do sleep 0.05; done; sleep 0.2; kill -9 $$) & exec \"$@\"' sh";
  const Outcome o = run(sweep("mpi.sqlite") + " --lost-after 3",
                        "timeout -k 5 240 " + mpirun("--enable-recovery") + dies + " ");
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
