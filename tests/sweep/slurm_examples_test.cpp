#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "planner/sweep/store_reader.hpp"
#include "tests/planner/run_program.hpp"
#include "tests/planner/scenario_text.hpp"

// The Slurm examples, run as a task of Slurm would run them: by bash, with the variables that Slurm
// sets, in the folder where the job was submitted.
namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* sweep = "sweeps/deepseek-v3-batch.toml --engine analytic";

class SlurmExamples : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* part : {"sweeps", "scenarios"}) {
      std::filesystem::create_directory_symlink(std::filesystem::absolute(part),
                                                folder_.path() / part);
    }
  }

  [[nodiscard]] std::string inside() const { return "cd '" + folder_.path().string() + "' && "; }
  // Runs a job there, and says what it printed if it failed.
  void submit(const std::string& variables, const std::string& script) const {
    const auto bin = std::filesystem::path(program()).parent_path().string();
    const std::string log = folder_.path() / "log";
    const std::string command = inside() + variables + " PATH='" + bin + "':\"$PATH\" bash " +
                                script + " --engine analytic >log 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << read_text(log);
  }
  [[nodiscard]] std::string cases_of(const std::string& store) const {
    return print(
        StoreReader(folder_.path() / store)
            .query("SELECT number, inputs, outcome, error, key, report FROM cases ORDER BY number"),
        "csv");
  }
  TemporaryFolder folder_;
};

TEST_F(SlurmExamples, AreScriptsThatSlurmTakes) {
  int scripts = 0;
  for (const auto& entry : std::filesystem::directory_iterator("sweeps")) {
    if (entry.path().extension() != ".sbatch") continue;
    ++scripts;
    SCOPED_TRACE(entry.path());
    EXPECT_EQ(std::system(("bash -n '" + entry.path().string() + "'").c_str()), 0);
    // sbatch reads options up to the first command, after a first line that names a shell.
    std::ifstream in(entry.path());
    std::string line;
    ASSERT_TRUE(std::getline(in, line));
    EXPECT_EQ(line, "#!/bin/bash");
    int options = 0;
    while (std::getline(in, line) && line.starts_with('#')) {
      options += line.starts_with("#SBATCH --") ? 1 : 0;
    }
    EXPECT_GT(options, 0);
    while (std::getline(in, line)) {
      EXPECT_FALSE(line.starts_with("#SBATCH")) << "after the first command it is a note";
    }
  }
  EXPECT_EQ(scripts, 2);
}

TEST_F(SlurmExamples, ArrayTasksTogetherAreTheSweep) {
  for (const char* task : {"2", "1", "3"}) {
    submit(
        std::string("SLURM_ARRAY_TASK_COUNT=3 SLURM_CPUS_PER_TASK=2 SLURM_ARRAY_TASK_ID=") + task,
        "sweeps/array.sbatch");
  }
  EXPECT_THAT(read_text(folder_.path() / "log"), HasSubstr("computed now 2")) << "of six cases";
  const Outcome merged = run("store merge all.sqlite batch.*.sqlite", inside());
  ASSERT_EQ(merged.code, 0) << merged.err;
  const Outcome whole = run(std::string("sweep ") + sweep + " --store whole.sqlite", inside());
  ASSERT_EQ(whole.code, 0) << whole.err;
  EXPECT_EQ(cases_of("all.sqlite"), cases_of("whole.sqlite"));
}

TEST_F(SlurmExamples, AnMpiJobIsTheSweep) {
  const auto bin = std::filesystem::path(program()).parent_path();
  if (!std::filesystem::exists(bin / "fleetwright-sweep-mpi")) GTEST_SKIP() << "built without MPI";
  if (std::system("command -v mpirun >/dev/null") != 0) GTEST_SKIP() << "no mpirun";
  // Where Slurm would give three processors, and as nobody in particular.
  submit(
      "SLURM_NTASKS=3 OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_ALLOW_RUN_AS_ROOT=1 "
      "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1",
      "sweeps/mpi.sbatch");
  const Outcome whole = run(std::string("sweep ") + sweep + " --store whole.sqlite", inside());
  ASSERT_EQ(whole.code, 0) << whole.err;
  EXPECT_EQ(cases_of("batch.sqlite"), cases_of("whole.sqlite"));
}

}  // namespace
}  // namespace fleetwright::testing
