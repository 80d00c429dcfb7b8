#include "models/core/suggest.hpp"

#include <gtest/gtest.h>

namespace fleetwright {
namespace {

const std::vector<std::string> words{"dualpipe", "1f1b", "interleaved", "pp", "tp"};

TEST(Suggest, FindsTheNearestWord) {
  EXPECT_EQ(nearest_word("dulpipe", words), "dualpipe");
  EXPECT_EQ(nearest_word("interleafed", words), "interleaved");
  EXPECT_EQ(nearest_word("1FB1", words), "1f1b");
  EXPECT_EQ(nearest_word("DualPipe", words), "dualpipe") << "case does not count";
}

TEST(Suggest, AThirdOfTheLettersMayDiffer) {
  EXPECT_EQ(nearest_word("dualpopo", words), "dualpipe");
  EXPECT_EQ(nearest_word("dwlpopoe", words), "");
  EXPECT_EQ(nearest_word("pq", words), "pp");
  EXPECT_EQ(nearest_word("xy", words), "") << "two of two letters";
}

TEST(Suggest, TakesTheFirstOfEquallyNear) { EXPECT_EQ(nearest_word("p", words), "pp"); }

TEST(Suggest, TakesTheShortestThatBeginsWithTheWord) {
  EXPECT_EQ(nearest_word("h800", {"A100-SXM-80", "H800-PCIE", "H800-SXM"}), "H800-SXM");
  EXPECT_EQ(nearest_word("H8", {"H800-PCIE", "H800-SXM"}), "") << "two letters say too little";
}

TEST(Suggest, HandlesEmptyInput) {
  EXPECT_EQ(nearest_word("", words), "");
  EXPECT_EQ(nearest_word("pp", {}), "");
  EXPECT_EQ(did_you_mean("pp", {}), "");
}

TEST(Suggest, WritesASentence) {
  EXPECT_EQ(did_you_mean("duelpipe", words), "did you mean 'dualpipe'?");
  EXPECT_EQ(did_you_mean("gpipeline", {"a", "b"}), "one of: a, b");
}

}  // namespace
}  // namespace fleetwright
