#include <gtest/gtest.h>

#include "tests/planner/scenario_text.hpp"

// Values that are no such value. Each test holds all that a user sees.
namespace fleetwright::testing {
namespace {

TEST(ScenarioValues, RefusesNotANumber) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"sequence_length", "expert_imbalance = nan\nsequence_length"}}),
      R"(scenario.toml:14:20: error: training.expert_imbalance = nan is not a finite number
  expert_imbalance = nan
                     ^
)");
}

TEST(ScenarioValues, RefusesNegativeNumber) {
  EXPECT_EQ(diagnose(dense_scenario, {{"pp = 2", "pp = -2"}}),
            R"(scenario.toml:10:6: error: strategy.pp = -2 is outside 1 to 65536
  pp = -2
       ^
)");
}

TEST(ScenarioValues, RefusesAbsurdlyLargeNumber) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"global_batch = 32", "global_batch = 32000000000000"}}),
      R"(scenario.toml:11:16: error: strategy.global_batch = 32000000000000 is outside 1 to 100000000
  global_batch = 32000000000000
                 ^
)");
}

TEST(ScenarioValues, RefusesBatchOfTooManyPasses) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"global_batch = 32", "global_batch = 64000000"}}),
      R"(scenario.toml:11:16: error: 16000000 micro-batches through 2 stages are 32000000 passes, and at most 4000000 are simulated
  global_batch = 64000000
                 ^
  help: raise dp or micro_batch, or lower global_batch
)");
}

TEST(ScenarioValues, RefusesFractionForACount) {
  EXPECT_EQ(diagnose(dense_scenario, {{"tp = 8", "tp = 8.5"}}),
            R"(scenario.toml:9:6: error: strategy.tp must be an integer, not a number
  tp = 8.5
       ^
)");
}

TEST(ScenarioValues, RefusesTextForACount) {
  EXPECT_EQ(diagnose(dense_scenario, {{"tp = 8", "tp = \"8\""}}),
            R"(scenario.toml:9:6: error: strategy.tp must be an integer, not a text
  tp = "8"
       ^
)");
}

TEST(ScenarioValues, RefusesMissingUnit) {
  EXPECT_EQ(diagnose(dense_scenario, {{"\"1 B tokens\"", "1e9"}}),
            R"(scenario.toml:15:10: error: training.tokens is a bare number without a unit
  tokens = 1e9
           ^
  help: write it with its unit, as in tokens = "14.8 T tokens"
)");
}

TEST(ScenarioValues, RefusesWrongUnit) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"\"1 B tokens\"", "\"1 GB\""}}),
      R"(scenario.toml:15:10: error: unknown unit 'GB' in '1 GB', which must be a count of tokens
  tokens = "1 GB"
           ^
  help: units of a count of tokens: tokens, k tokens, M tokens, B tokens, T tokens
)");
}

TEST(ScenarioValues, RefusesNoTokens) {
  EXPECT_EQ(diagnose(dense_scenario, {{"\"1 B tokens\"", "\"0 tokens\""}}),
            R"(scenario.toml:15:10: error: training.tokens must be more than zero
  tokens = "0 tokens"
           ^
)");
}

TEST(ScenarioValues, RefusesPhaseWithoutAnySize) {
  EXPECT_EQ(
      diagnose(dense_scenario,
               {{"[training]",
                 "[[phase]]\nname = \"post-training\"\nsource = \"a paper\"\n\n[training]"}}),
      R"(scenario.toml:14:8: error: phase 'post-training' needs gpu_hours, or tokens and sequence_length
  name = "post-training"
         ^
  help: add tokens = "60 B tokens" and sequence_length = 32768, or gpu_hours = 5000
)");
}

TEST(ScenarioValues, RefusesPhaseWithTwoSizes) {
  EXPECT_EQ(
      diagnose(dense_scenario,
               {{"[training]",
                 "[[phase]]\nname = \"more\"\ngpu_hours = 5\ntokens = \"1 B "
                 "tokens\"\nsequence_length = 4096\nsource = \"a paper\"\n\n[training]"}}),
      R"(scenario.toml:15:13: error: a phase has gpu_hours, or tokens and sequence_length, not both
  gpu_hours = 5
              ^
  help: remove gpu_hours to have it predicted
)");
}

TEST(ScenarioValues, RefusesPriceWithoutSource) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"[training]", "[price]\nrent = \"$2.00 / h\"\n\n[training]"}}),
      R"(scenario.toml:13:1: error: missing key 'price.source'
  [price]
  ^
  help: add a line such as source = "where the figure comes from"
)");
}

TEST(ScenarioValues, RefusesPriceWithoutTime) {
  EXPECT_EQ(
      diagnose(dense_scenario,
               {{"[training]", "[price]\nrent = \"$2.00\"\nsource = \"a list\"\n\n[training]"}}),
      R"(scenario.toml:14:8: error: unknown unit '$' in '$2.00', which must be a price per time
  rent = "$2.00"
         ^
  help: units of a price per time: $/s, $/h, $/day, $/year
)");
}

TEST(ScenarioValues, RefusesCheckpointsThatTakeNoTime) {
  EXPECT_EQ(diagnose(dense_scenario,
                     {{"[training]",
                       "[reliability]\nfailures_per_node_day = 0.01\ncheckpoint_write = \"0 "
                       "s\"\nrestart = \"15 min\"\nsource = \"a paper\"\n\n[training]"}}),
            R"(scenario.toml:15:20: error: reliability.checkpoint_write must be more than zero
  checkpoint_write = "0 s"
                     ^
)");
}

// The dense scenario with a [reliability] of these lines.
std::string diagnose_reliability(const std::string& lines) {
  return diagnose(dense_scenario, {{"[training]", "[reliability]\n" + lines + "\n[training]"}});
}

TEST(ScenarioReliability, RefusesAnUnknownRecord) {
  EXPECT_EQ(diagnose_reliability("failures = \"llama-405b\"\ncheckpoint_write = \"3 s\"\n"),
            R"(scenario.toml:14:12: error: unknown reliability.failures 'llama-405b'
  failures = "llama-405b"
             ^
  help: did you mean 'llama3-405b'?
)");
}

TEST(ScenarioReliability, RefusesTwoRates) {
  EXPECT_EQ(diagnose_reliability("failures = \"pooled\"\nfailures_per_node_day = 0.01\n"
                                 "checkpoint_write = \"3 s\"\n"),
            R"(scenario.toml:14:12: error: failures and failures_per_node_day exclude each other
  failures = "pooled"
             ^
  help: remove one of them
)");
}

TEST(ScenarioReliability, RefusesToLeaveOutAnUnknownRecord) {
  EXPECT_EQ(diagnose_reliability("failures = \"pooled\"\nleave_out = [\"meta-rsc\"]\n"
                                 "checkpoint_write = \"3 s\"\n"),
            R"(scenario.toml:15:13: error: unknown record 'meta-rsc' in leave_out
  leave_out = ["meta-rsc"]
              ^
  help: did you mean 'meta-rsc-1'?
)");
}

TEST(ScenarioReliability, RefusesToPoolOneObservation) {
  EXPECT_EQ(diagnose_reliability("failures = \"pooled\"\ncheckpoint_write = \"3 s\"\n"
                                 "leave_out = [\"llama3-405b\", \"meta-rsc-1\", \"meta-rsc-2\"]\n"),
            R"(scenario.toml:16:13: error: fewer than two observations of failures are left to pool
  leave_out = ["llama3-405b", "meta-rsc-1", "meta-rsc-2"]
              ^
  help: leave fewer out
)");
}

TEST(ScenarioReliability, RefusesTwoWaysToPriceACheckpoint) {
  EXPECT_EQ(diagnose_reliability("failures = \"pooled\"\ncheckpoint_write = \"3 s\"\n"
                                 "storage_bandwidth = \"2 TB/s\"\n"),
            R"(scenario.toml:15:20: error: checkpoint_write and storage_bandwidth exclude each other
  checkpoint_write = "3 s"
                     ^
  help: remove one of them
)");
}

TEST(ScenarioReliability, UploadsNeedAStorage) {
  EXPECT_EQ(diagnose_reliability("failures = \"pooled\"\ncheckpoint_write = \"3 s\"\n"
                                 "asynchronous = true\n"),
            R"(scenario.toml:16:16: error: asynchronous needs a storage_bandwidth
  asynchronous = true
                 ^
)");
}

TEST(ScenarioReliability, NeedsARateAndACheckpoint) {
  const std::string text = diagnose_reliability("restart = \"5 min\"\nsource = \"a paper\"\n");
  EXPECT_NE(text.find("missing key 'reliability.failures_per_node_day'"), std::string::npos)
      << text;
  EXPECT_NE(text.find("missing key 'reliability.checkpoint_write'"), std::string::npos) << text;
}

}  // namespace
}  // namespace fleetwright::testing
