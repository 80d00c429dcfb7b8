#include "planner/sweep/sweep_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "models/core/diagnostics.hpp"

namespace fleetwright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SweepSpec read(const std::string& axes) {
  return parse_sweep_spec("base = \"base.toml\"\n" + axes, "folder/sweep.toml");
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(parse_sweep_spec(text, "sweep.toml"));
    return "";
  } catch (const ScenarioError& e) {
    return e.what();
  }
}

// The values of the first key of each case.
std::vector<std::string> values(const SweepSpec& spec) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < spec.cases(); ++i) out.push_back(spec.assignments(i).at(0).value);
  return out;
}

TEST(SweepSpec, MultipliesAxesTheLastMovingFastest) {
  const SweepSpec spec = read(
      "[[axis]]\nkey = \"a.b\"\nvalues = [1, 2]\n[[axis]]\nkey = \"c\"\nvalues = [\"x\", true, "
      "1.5]\n");
  EXPECT_EQ(spec.base, "folder/base.toml");
  EXPECT_EQ(spec.name, "sweep");
  ASSERT_EQ(spec.cases(), 6U);
  EXPECT_THAT(spec.assignments(0), ElementsAre(Assignment{"a.b", "1"}, Assignment{"c", "\"x\""}));
  EXPECT_THAT(spec.assignments(1), ElementsAre(Assignment{"a.b", "1"}, Assignment{"c", "true"}));
  EXPECT_THAT(spec.assignments(5), ElementsAre(Assignment{"a.b", "2"}, Assignment{"c", "1.5"}));
}

TEST(SweepSpec, ZipsKeysThatMoveTogether) {
  const SweepSpec spec =
      read("[[axis]]\nkeys = [\"pp\", \"dp\"]\nvalues = [[8, 256], [16, 128]]\n");
  ASSERT_EQ(spec.cases(), 2U);
  EXPECT_THAT(spec.assignments(1), ElementsAre(Assignment{"pp", "16"}, Assignment{"dp", "128"}));
}

TEST(SweepSpec, WalksRanges) {
  const auto range = [](const std::string& rest) {
    return values(read("[[axis]]\nkey = \"k\"\n" + rest));
  };
  EXPECT_THAT(range("from = 1\nto = 8\nfactor = 2\n"), ElementsAre("1", "2", "4", "8"));
  EXPECT_THAT(range("from = 10\nto = 25\nstep = 5\n"), ElementsAre("10", "15", "20", "25"));
  EXPECT_THAT(range("from = 0.1\nto = 0.3\nstep = 0.1\n").size(), 3U) << "the end is not missed";
  EXPECT_THAT(range("from = 0\nto = 1\ncount = 3\n"), ElementsAre("0.0", "0.5", "1.0"));
  EXPECT_THAT(range("from = 1\nto = 100\ncount = 3\nscale = \"log\"\ninteger = true\n"),
              ElementsAre("1", "10", "100"));
  EXPECT_THAT(range("from = 100\nto = 300\nstep = 100\nunit = \"Gbps\"\n"),
              ElementsAre("\"100 Gbps\"", "\"200 Gbps\"", "\"300 Gbps\""));
}

TEST(SweepSpec, DrawsTheSameSamplesForTheSameSeed) {
  const std::string sample =
      "[sample]\ncount = 40\nseed = 3\n[[sample.draw]]\nkey = \"k\"\nfrom = 1\nto = 64\nscale = "
      "\"log\"\n"
      "integer = true\n[[sample.draw]]\nkey = \"w\"\nvalues = [\"a\", \"b\"]\n";
  const std::vector<std::string> drawn = values(read(sample));
  EXPECT_EQ(drawn, values(read(sample)));
  EXPECT_GT(std::set<std::string>(drawn.begin(), drawn.end()).size(), 10U);
  std::string other = sample;
  other.replace(other.find("seed = 3"), 8, "seed = 4");
  EXPECT_NE(drawn, values(read(other)));
  for (const std::string& v : drawn) {
    EXPECT_GE(std::stoi(v), 1);
    EXPECT_LE(std::stoi(v), 64);
  }
}

TEST(SweepSpec, SaysEverythingThatIsWrong) {
  EXPECT_THAT(refusal(""), HasSubstr("missing key 'base'"));
  EXPECT_THAT(refusal("base = \"b\"\n"), HasSubstr("a sweep needs axes"));
  const auto axis = [](const std::string& rest) {
    return refusal("base = \"b\"\n[[axis]]\n" + rest);
  };
  EXPECT_THAT(axis("values = [1]\n"), HasSubstr("missing key 'axis[0].key'"));
  EXPECT_THAT(axis("key = \"a..b\"\nvalues = [1]\n"), HasSubstr("is no path of a key"));
  EXPECT_THAT(axis("key = \"a\"\nvalues = []\n"), HasSubstr("at least one value"));
  EXPECT_THAT(axis("key = \"a\"\nfrom = 1\nto = 2\n"), HasSubstr("one of step, factor and count"));
  EXPECT_THAT(axis("key = \"a\"\nfrom = 2\nto = 1\nstep = 1\n"), HasSubstr("must be above"));
  EXPECT_THAT(axis("key = \"a\"\nfrom = 1\nto = 2\nstep = 0\n"), HasSubstr("above zero"));
  EXPECT_THAT(axis("key = \"a\"\nfrom = 0\nto = 1e9\nstep = 0.001\n"), HasSubstr("more than"));
  EXPECT_THAT(axis("keys = [\"a\", \"b\"]\nvalues = [[1]]\n"),
              HasSubstr("a value for each of the 2"));
  EXPECT_THAT(axis("key = \"a\"\nvalues = [1]\nvalue = 2\n"), HasSubstr("unknown key"));
  EXPECT_THAT(axis("key = \"a\"\nvalues = [1]\n[[axis]]\nkey = \"a\"\nvalues = [2]\n"),
              HasSubstr("'a' is on two axes"));
  const std::string thousand = "from = 1\nto = 1000\nstep = 1\n";
  EXPECT_THAT(axis("key = \"a\"\n" + thousand + "[[axis]]\nkey = \"b\"\n" + thousand +
                   "[[axis]]\nkey = \"c\"\n" + thousand),
              HasSubstr("1e+09 cases, more than 1000000"));
}

}  // namespace
}  // namespace fleetwright
