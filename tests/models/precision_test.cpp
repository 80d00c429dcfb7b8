#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "models/core/data_files.hpp"
#include "models/core/diagnostics.hpp"
#include "models/precision_recipe.hpp"

namespace fleetwright {
namespace {

std::map<std::string, PrecisionRecipe> recipes() {
  return read_precision_recipes(data_file("models/data/precision.toml"));
}

TEST(Precision, NamesAreReadBack) {
  for (const auto p : {Precision::fp32, Precision::tf32, Precision::fp16, Precision::bf16,
                       Precision::fp8, Precision::fp8_block, Precision::mxfp8, Precision::fp4}) {
    EXPECT_EQ(parse_precision(to_string(p)), p) << to_string(p);
  }
  EXPECT_EQ(to_string(Precision::fp8_block), "fp8-block");
}

TEST(Precision, RefusesUnknownNamesWithASuggestion) {
  try {
    static_cast<void>(parse_precision("bf61"));
    FAIL() << "bf61 was taken";
  } catch (const std::invalid_argument& e) {
    EXPECT_STREQ(e.what(), "unknown number format 'bf61'; did you mean 'bf16'?");
  }
}

TEST(Precision, WidthsAndKernelsOfTheirOwn) {
  EXPECT_EQ(bytes_per_element(Precision::tf32), 4);
  EXPECT_EQ(bytes_per_element(Precision::bf16), 2);
  EXPECT_EQ(bytes_per_element(Precision::fp8_block), 1);
  EXPECT_EQ(bytes_per_element(Precision::fp4), 0.5);
  EXPECT_FALSE(needs_quantization(Precision::fp16));
  EXPECT_TRUE(needs_quantization(Precision::fp8));
  EXPECT_TRUE(needs_quantization(Precision::mxfp8));
}

TEST(PrecisionRecipes, AllAreThereWithTheirSource) {
  const auto all = recipes();
  for (const char* name : {"bf16", "bf16-fsdp", "fp16", "fp8", "fp8-block", "mxfp8"}) {
    ASSERT_TRUE(all.contains(name)) << name;
    EXPECT_EQ(all.at(name).name, name);
    EXPECT_GT(all.at(name).source.size(), 20U) << name;
    EXPECT_EQ(all.at(name).master_bytes, 4) << name;
  }
}

// Megatron-Core's distributed optimizer: 6 + 12/d bytes a parameter with FP32 gradients in BF16
// training; arXiv 1910.02054, section 3.1: 16 bytes with FP16 gradients.
TEST(PrecisionRecipes, BytesOfAParameter) {
  const auto all = recipes();
  const auto held = [&](const char* name) {
    const PrecisionRecipe& r = all.at(name);
    return r.weight_bytes + r.gradient_bytes + r.master_bytes + r.moment_bytes;
  };
  EXPECT_EQ(held("bf16"), 18);
  EXPECT_EQ(held("fp16"), 16);
  EXPECT_EQ(held("fp8"), 20);        // FP8 copies in both layouts
  EXPECT_EQ(held("fp8-block"), 14);  // FP8 weights in both layouts alone, BF16 moments
}

TEST(PrecisionRecipes, FsdpReducesInBf16) {
  const auto all = recipes();
  EXPECT_EQ(all.at("bf16").gradient_reduce_bytes, 4);
  EXPECT_EQ(all.at("bf16-fsdp").gradient_reduce_bytes, 2);
}

// DeepSeek-V3 (arXiv 2412.19437), section 3.3: what runs in FP8, what does not, what is sent.
TEST(PrecisionRecipes, Fp8BlockIsDeepSeekV3s) {
  const PrecisionRecipe r = recipes().at("fp8-block");
  EXPECT_EQ(r.gemm, Precision::fp8_block);
  EXPECT_EQ(r.attention, Precision::bf16);
  EXPECT_EQ(r.head, Precision::bf16);
  EXPECT_EQ(r.moment_bytes, 4);  // both in BF16
  EXPECT_EQ(r.master_bytes, 4);
  EXPECT_EQ(r.gradient_bytes, 4);
  EXPECT_EQ(r.dispatch_bytes, 1 + 4.0 / 128);  // a 4-byte scale for 128 elements
  EXPECT_EQ(r.combine_bytes, 2);
  EXPECT_EQ(r.gemm_input_bytes, 1);
  EXPECT_EQ(r.mlp_input_bytes, 1);
  EXPECT_EQ(r.attention_output_bytes, 1.5);  // E5M6
}

class BadRecipes : public ::testing::Test {
 protected:
  std::string diagnose(const std::string& text) {
    // Tests run beside each other: each has a file of its own.
    const std::string test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    const auto file = std::filesystem::temp_directory_path() / ("fleetwright-" + test + ".toml");
    std::ofstream(file) << text;
    std::string what;
    try {
      static_cast<void>(read_precision_recipes(file));
    } catch (const ScenarioError& e) {
      for (const Diagnostic& d : e.diagnostics()) {
        what += std::to_string(d.where.line) + ": " + d.message + " -> " + d.suggestion + "\n";
      }
    }
    std::filesystem::remove(file);
    return what;
  }

  const std::string good_ = R"([mine]
source = "test"
gemm = "bf16"
attention = "bf16"
head = "bf16"
activation_bytes = 2
gemm_input_bytes = 2
attention_output_bytes = 2
mlp_input_bytes = 2
weight_bytes = 2
gradient_bytes = 4
master_bytes = 4
moment_bytes = 8
gradient_reduce_bytes = 4
parameter_gather_bytes = 2
dispatch_bytes = 2
combine_bytes = 2
)";
};

TEST_F(BadRecipes, AGoodOneIsRead) { EXPECT_EQ(diagnose(good_), ""); }

TEST_F(BadRecipes, UnknownKey) {
  EXPECT_EQ(diagnose(good_ + "moments_bytes = 8\n"),
            "18: unknown key 'mine.moments_bytes' -> did you mean 'moment_bytes'?\n");
}

TEST_F(BadRecipes, UnknownFormatAndWidthOutOfBounds) {
  std::string text = good_;
  text.replace(text.find("gemm = \"bf16\""), 13, "gemm = \"fp9\"");
  text.replace(text.find("master_bytes = 4"), 16, "master_bytes = -1");
  EXPECT_EQ(diagnose(text),
            "3: unknown mine.gemm 'fp9' -> did you mean 'fp8'?\n"
            "12: mine.master_bytes = -1 is outside 0 to 16 -> \n");
}

TEST_F(BadRecipes, MissingKey) {
  std::string text = good_;
  text.erase(text.find("head"), 14);
  EXPECT_EQ(diagnose(text), "1: missing key 'mine.head' -> add a line such as head = \"bf16\"\n");
}

TEST_F(BadRecipes, AKeyOutsideOfRecipes) {
  EXPECT_EQ(diagnose("version = 1\n" + good_), "1: version must be a table, not an integer -> \n");
}

}  // namespace
}  // namespace fleetwright
