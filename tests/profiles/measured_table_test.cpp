#include "profiles/measured_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "models/core/error.hpp"
#include "profiles/operator_columns.hpp"

namespace fleetwright {
namespace {

MeasuringSession session(const std::string& date) {
  MeasuringSession s;
  s.gpu = "NVIDIA H100 80GB HBM3";
  s.driver = "13.0";
  s.cuda = "13.0";
  s.cupti = "13.0";
  s.counters = "not permitted";
  s.date = date;
  s.revision = "0123abc";
  s.command = "fleetwright-profile --suite v3";
  return s;
}

MeasuredKernel norm(double rows) {
  MeasuredKernel k;
  k.op = Norm{rows, 7168, false};
  k.kernel = "rmsnorm_forward";
  k.library = "fleetwright";
  k.sms = 132;
  k.median = Seconds{45.25e-6};
  k.p10 = Seconds{45e-6};
  k.p90 = Seconds{46e-6};
  k.samples = 31;
  return k;
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(parse_measured_table(text, "kernels.csv"));
  } catch (const ScenarioError& e) {
    return e.what();
  }
  return "no error";
}

TEST(MeasuredTable, GivesBackWhatWasWritten) {
  MeasuredKernel full = norm(4096);
  full.hot = Seconds{30e-6};
  full.event = Seconds{47e-6};
  full.clock = Hertz{1.755e9};
  full.counters = KernelCounters{1.5, Bytes{5.8e7}, Bytes{5.9e7}};
  const std::string text = measured_header() + session_notes(session("2026-12-01")) +
                           measured_row(full) + measured_row(norm(8192));
  const MeasuredTable table = parse_measured_table(text, "kernels.csv");
  ASSERT_EQ(table.sessions, std::vector{session("2026-12-01")});
  ASSERT_EQ(table.kernels.size(), 2U);
  const MeasuredKernel& k = table.kernels[0];
  EXPECT_EQ(std::get<Norm>(*k.op).rows, 4096);
  EXPECT_NEAR(k.median.si(), 45.25e-6, 1e-12);
  EXPECT_EQ(k.samples, 31);
  EXPECT_NEAR(k.clock->si(), 1.755e9, 1);
  EXPECT_EQ(k.counters, full.counters);
  EXPECT_EQ(table.kernels[1].hot, std::nullopt);
  EXPECT_EQ(table.kernels[1].counters, std::nullopt);
}

TEST(MeasuredTable, ARowBelongsToTheSessionAboveIt) {
  const std::string text = measured_header() + session_notes(session("2026-12-01")) +
                           measured_row(norm(1)) + session_notes(session("2026-12-02")) +
                           measured_row(norm(2)) + measured_row(norm(3));
  const MeasuredTable table = parse_measured_table(text, "kernels.csv");
  ASSERT_EQ(table.sessions.size(), 2U);
  EXPECT_EQ(table.kernels[0].session, 0U);
  EXPECT_EQ(table.kernels[1].session, 1U);
  EXPECT_EQ(table.kernels[2].session, 1U);
  EXPECT_EQ(table.sessions[table.kernels[2].session].date, "2026-12-02");
}

TEST(MeasuredTable, KeepsWhatNoModelEmits) {
  MeasuredKernel launch = norm(1);
  launch.op.reset();
  launch.kernel = "launch_overhead";
  const MeasuredTable table = parse_measured_table(
      measured_header() + session_notes(session("2026-12-01")) + measured_row(launch), "k.csv");
  EXPECT_EQ(table.kernels[0].op, std::nullopt);
  EXPECT_EQ(table.kernels[0].kernel, "launch_overhead");
}

TEST(MeasuredTable, RefusesAnotherSchema) {
  EXPECT_EQ(refusal("kernel,time_us\ngemm,1\n"),
            "kernels.csv:1:1: error: a table of measurements begins with "
            "'# fleetwright-measurements/1'");
}

TEST(MeasuredTable, RefusesARowWithoutASession) {
  EXPECT_EQ(refusal(measured_header() + measured_row(norm(1))),
            "kernels.csv:3:1: error: the row stands before any '# session'");
}

TEST(MeasuredTable, RefusesATimeThatIsNone) {
  MeasuredKernel k = norm(1);
  k.median = Seconds{0};
  const std::string text =
      refusal(measured_header() + session_notes(session("2026-12-01")) + measured_row(k));
  EXPECT_TRUE(text.starts_with("kernels.csv:12:58: error: time_us must be positive")) << text;
}

Operator random_operator() {
  const auto size = [] { return static_cast<double>(*rc::gen::inRange(1, 200000)); };
  const auto whole = [] { return *rc::gen::inRange(1, 512); };
  const auto coin = [] { return *rc::gen::arbitrary<bool>(); };
  const auto format = [] {
    return *rc::gen::element(Precision::bf16, Precision::fp16, Precision::fp8,
                             Precision::fp8_block);
  };
  const auto pass = [&] { return coin() ? GemmPass::weight_gradient : GemmPass::forward; };
  const auto element = [] { return *rc::gen::element(1.0, 1.03125, 1.5, 2.0, 22.0); };
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      return Gemm{size(), size(), size(), format(), pass()};
    case 1:
      return GroupedGemm{size(), size(), size(), size(), format(), pass()};
    case 2:
      return Attention{size(),  size(),  size(), whole(),         whole(),
                       whole(), whole(), size(), Precision::bf16, coin()};
    case 3:
      return Norm{size(), size(), coin()};
    case 4: {
      Elementwise e;
      e.kind = *rc::gen::element(ElementwiseKind::rope, ElementwiseKind::activation,
                                 ElementwiseKind::copy, ElementwiseKind::softmax,
                                 ElementwiseKind::broadcast, ElementwiseKind::transpose_weight,
                                 ElementwiseKind::residual_add);
      e.rows = size();
      e.columns = size();
      e.gated = coin();
      e.quantized = coin();
      e.backward = coin();
      return e;
    }
    case 5:
      return Quantize{size(), size(), coin(), coin(), *rc::gen::element(1.0, 1.5), coin()};
    case 6:
      return Router{size(), whole(), whole(), coin()};
    case 7:
      return Permute{size(), size() * 0.62, size(), element(), coin()};
    case 8:
      return ExpertMapping{size(), whole()};
    case 9:
      return Embedding{size(), size(), coin()};
    case 10:
      return Loss{size(), size(), coin()};
    default:
      return OptimizerUpdate{size() * 1e5, element()};
  }
}

RC_GTEST_PROP(OperatorColumns, GiveBackTheOperator, ()) {
  const Operator op = random_operator();
  MeasuredKernel k = norm(1);
  k.op = op;
  k.kernel = std::string(kernel_name(op));
  const MeasuredTable table = parse_measured_table(
      measured_header() + session_notes(session("2026-12-01")) + measured_row(k), "k.csv");
  RC_ASSERT(table.kernels.size() == 1U);
  RC_ASSERT(table.kernels[0].op.has_value());
  // Every field of an operator enters one of its columns.
  RC_ASSERT(operator_cells(*table.kernels[0].op) == operator_cells(op));
  RC_ASSERT(flop(*table.kernels[0].op) == flop(op));
  RC_ASSERT(bytes(*table.kernels[0].op) == bytes(op));
}

TEST(OperatorColumns, RefuseWhatTheKernelDoesNotKnow) {
  const std::string head = measured_header() + session_notes(session("2026-12-01"));
  const auto row = [](const std::string& kernel, const std::string& flags) {
    return kernel + ",," + flags + ",,,,,,,,,,,,,4096,7168,,,,,fleetwright,132,1,1,1,5,,,,,,,,\n";
  };
  EXPECT_EQ(refusal(head + row("rmsnorm_forward", "")), "no error");
  EXPECT_NE(
      refusal(head + row("rmsnorm_forward", "sideways")).find("no such flag here: 'sideways'"),
      std::string::npos);
  EXPECT_NE(refusal(head + row("rmsnorm_forward", "backward"))
                .find("are those of 'rmsnorm_backward', not of 'rmsnorm_forward'"),
            std::string::npos);
}

}  // namespace
}  // namespace fleetwright
