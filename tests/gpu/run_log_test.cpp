#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "models/core/text_file.hpp"
#include "profiles/gpu/run/cases.hpp"
#include "profiles/gpu/run/measurement_log.hpp"
#include "profiles/gpu/run/rate_report.hpp"
#include "profiles/gpu/run/runner.hpp"

namespace fleetwright::gpu {
namespace {

MeasuringSession session(const std::string& date) {
  MeasuringSession s;
  s.gpu = "NVIDIA H100 80GB HBM3";
  s.date = date;
  return s;
}

MeasuredKernel norm(double rows) {
  MeasuredKernel k;
  k.op = Norm{rows, 512, false};
  k.kernel = "rmsnorm_forward";
  k.library = "fleetwright";
  k.sms = 132;
  k.median = k.p10 = k.p90 = Seconds{1e-5};
  k.samples = 11;
  return k;
}

std::string key(double rows) { return case_key(Norm{rows, 512, false}, "fleetwright", 132); }

class Log : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("fleetwright_log_" + std::to_string(getpid()));
    file_ = folder_ / "h100-sxm" / "kernels.csv";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_, file_;
};

TEST_F(Log, KnowsWhatEarlierSessionsMeasured) {
  {
    MeasurementLog log(file_, session("2026-12-01"));
    EXPECT_FALSE(log.has(key(1)));
    log.append(norm(1));
    EXPECT_TRUE(log.has(key(1)));
  }
  {
    MeasurementLog log(file_, session("2026-12-02"));
    EXPECT_TRUE(log.has(key(1)));
    EXPECT_FALSE(log.has(key(2)));
    log.append(norm(2));
  }
  const MeasuredTable table = read_measured_table(file_);
  ASSERT_EQ(table.kernels.size(), 2U);
  EXPECT_EQ(table.sessions[table.kernels[0].session].date, "2026-12-01");
  EXPECT_EQ(table.sessions[table.kernels[1].session].date, "2026-12-02");
}

TEST_F(Log, ASessionThatMeasuresNothingLeavesNoTrace) {
  { MeasurementLog(file_, session("2026-12-01")).append(norm(1)); }
  const std::string before = read_text_file(file_);
  { const MeasurementLog log(file_, session("2026-12-02")); }
  EXPECT_EQ(read_text_file(file_), before);
}

// Whatever byte a writer was killed at, the rows before it are read, the rest is measured again,
// and the table ends the same.
TEST_F(Log, GoesOnFromAnyByte) {
  {
    MeasurementLog log(file_, session("2026-12-01"));
    for (double rows = 1; rows <= 3; ++rows) log.append(norm(rows));
  }
  const std::string whole = read_text_file(file_);
  // A step that no line is a multiple of: all places of a line are met.
  for (std::size_t cut = 0; cut <= whole.size(); cut += 13) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << whole.substr(0, cut);
    {
      MeasurementLog log(file_, session("2026-12-01"));
      for (double rows = 1; rows <= 3; ++rows) {
        if (!log.has(key(rows))) log.append(norm(rows));
      }
    }
    const MeasuredTable table = read_measured_table(file_);
    ASSERT_EQ(table.kernels.size(), 3U) << cut;
    for (std::size_t i = 0; i < 3; ++i) {
      ASSERT_EQ(std::get<Norm>(*table.kernels[i].op).rows, static_cast<double>(i + 1)) << cut;
      ASSERT_EQ(table.sessions[table.kernels[i].session].gpu, "NVIDIA H100 80GB HBM3") << cut;
    }
  }
}

TEST_F(Log, RefusesAFileThatIsNoTable) {
  std::filesystem::create_directories(file_.parent_path());
  std::ofstream(file_) << "kernel,time_us\ngemm,1\n";
  EXPECT_THROW(MeasurementLog(file_, session("2026-12-01")), ScenarioError);
  EXPECT_EQ(read_text_file(file_), "kernel,time_us\ngemm,1\n");
}

TEST_F(Log, RefusesASecondWriter) {
  const MeasurementLog first(file_, session("2026-12-01"));
  EXPECT_THROW(MeasurementLog(file_, session("2026-12-01")), Error);
}

TEST_F(Log, SaysWhenItCannotWrite) {
  std::ofstream(folder_) << "a file where a folder must be";
  EXPECT_THROW(MeasurementLog(file_, session("2026-12-01")), Error);
  std::filesystem::remove(folder_);
}

TEST_F(Log, IsShownAsRates) {
  Elementwise copy;
  copy.kind = ElementwiseKind::copy;
  copy.rows = 1000;
  copy.columns = 1000;
  MeasuredKernel fast = norm(1);
  fast.op = copy;
  fast.median = Seconds{2e-6};  // 4 MB: 2,000 GB/s
  MeasuredKernel half = norm(1000);
  half.op = Norm{1000, 1000, false};
  half.median = Seconds{4e-6};
  half.event = Seconds{5e-6};
  MeasuredKernel earlier = half;
  earlier.median = Seconds{9e-6};
  MeasuredKernel product = norm(1);
  product.op = Gemm{1000, 1000, 1000};
  product.median = Seconds{20e-6};
  MeasuredTable table;
  table.kernels = {earlier, fast, half, product};
  const std::string text = rate_report(table);
  EXPECT_EQ(std::ranges::count(text, '\n'), 3);
  EXPECT_NE(text.find("1000.0 GB/s  50.0 % of the copy"), std::string::npos) << text;
  EXPECT_NE(text.find("2000.0 GB/s 100.0 % of the copy"), std::string::npos) << text;
  EXPECT_NE(text.find("100.0 TFLOP/s"), std::string::npos) << text;
  EXPECT_NE(text.find("events  +25.0 %"), std::string::npos) << text;
}

// ---- the runner, with a timer of its own ----

class NoWork : public Workload {
 public:
  void launch(Stream) override {}
  std::vector<Output> outputs() override { return {}; }
};

class SteadyTimer : public Timer {
 public:
  std::vector<Sample> sample(Workload&, int count, bool) override {
    ++calls;
    if (delay_s > 0) std::this_thread::sleep_for(std::chrono::duration<double>(delay_s));
    return std::vector<Sample>(static_cast<std::size_t>(count), Sample{25, 26, 1755, false});
  }
  int calls = 0;
  double delay_s = 0;
};

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t) {
  const double rows = std::get<Norm>(op).rows;
  if (rows == 2) throw Unavailable("libnothing.so is nowhere");
  if (rows == 3) throw Error("the launch failed");
  return std::make_unique<NoWork>();
}

class Runner : public Log {
 protected:
  Runner() {
    benchmark_.name = "fleetwright.rmsnorm_forward";
    benchmark_.library = "fleetwright";
    benchmark_.accepts = [](const Operator&) { return true; };
    benchmark_.prepare = prepare;
    for (double rows = 1; rows <= 5; ++rows) operators_.emplace_back(Norm{rows, 512, false});
  }

  RunOutcome run(const RunLimits& limits = {}) {
    MeasurementLog log(file_, session("2026-12-01"));
    const Instruments instruments{timer_, [this](Workload&) { return counters_; },
                                  [this](Workload&) {
                                    ++proofs_;
                                    if (fail_proof_) throw Error("3 elements were not written");
                                  }};
    return run_cases(cases_of(operators_, std::span(&benchmark_, 1), 132), instruments, limits, log,
                     stop_);
  }

  Benchmark benchmark_;
  std::vector<Operator> operators_;
  SteadyTimer timer_;
  std::atomic<bool> stop_ = false;
  std::optional<KernelCounters> counters_;
  int proofs_ = 0;
  bool fail_proof_ = false;
};

TEST_F(Runner, MeasuresWhatItCanAndCountsTheGaps) {
  const RunOutcome first = run();
  EXPECT_EQ(first.measured, 3);
  EXPECT_EQ(first.unavailable, 1);
  EXPECT_EQ(first.failed, 1);
  EXPECT_EQ(proofs_, 3);
  const MeasuredTable table = read_measured_table(file_);
  ASSERT_EQ(table.kernels.size(), 3U);
  EXPECT_NEAR(table.kernels[0].median.si(), 25e-6, 1e-12);
  EXPECT_NEAR(table.kernels[0].event->si(), 26e-6, 1e-12);
  EXPECT_NEAR(table.kernels[0].hot->si(), 25e-6, 1e-12);
  EXPECT_EQ(table.kernels[0].samples, 11);
  const int calls = timer_.calls;
  const RunOutcome second = run();
  EXPECT_EQ(second.already, 3);
  EXPECT_EQ(second.measured, 0);
  EXPECT_EQ(second.unavailable, 1);  // tried again: it may be there now
  EXPECT_EQ(timer_.calls, calls);
}

TEST_F(Runner, KeepsNothingOfAKernelThatDoesNotWriteItsOutputs) {
  fail_proof_ = true;
  EXPECT_EQ(run().failed, 4);
  EXPECT_EQ(timer_.calls, 0);
}

TEST_F(Runner, StopsAtTheBudgetAndGoesOnLater) {
  timer_.delay_s = 0.02;
  RunLimits limits;
  limits.budget_s = 0.01;
  const RunOutcome first = run(limits);
  EXPECT_EQ(first.measured, 1);
  EXPECT_EQ(first.left, 4);
  const RunOutcome second = run();
  EXPECT_EQ(second.already, 1);
  EXPECT_EQ(second.measured, 2);
}

TEST_F(Runner, MeasuresAgainForCountersThatAreMissing) {
  static_cast<void>(run());
  RunLimits limits;
  limits.counters_missing = true;
  counters_ = KernelCounters{50, Bytes{1}, Bytes{2}};
  EXPECT_EQ(run(limits).measured, 3);
  EXPECT_EQ(run(limits).already, 3);
  EXPECT_EQ(read_measured_table(file_).kernels.back().counters, counters_);
}

TEST_F(Runner, StopsWhenAskedTo) {
  stop_ = true;
  const RunOutcome outcome = run();
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(outcome.measured, 0);
  EXPECT_EQ(outcome.left, 5);
}

}  // namespace
}  // namespace fleetwright::gpu
