#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "models/core/diagnostics.hpp"
#include "models/model_config.hpp"

// Each way in which a config.json can be wrong: where it is said to be, and in which words.
namespace fleetwright {
namespace {

// One "line:column: message" a diagnostic, with the suggestion behind an arrow.
std::string diagnose(std::string_view json) {
  try {
    static_cast<void>(parse_model_config(json, "c.json", "m"));
  } catch (const ScenarioError& e) {
    std::string out;
    for (const Diagnostic& d : e.diagnostics()) {
      EXPECT_EQ(d.where.file, "c.json");
      out += std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + ": " + d.message;
      if (!d.suggestion.empty()) out += " -> " + d.suggestion;
      out += "\n";
    }
    return out;
  }
  return "no error";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

const std::string llama = R"({
  "model_type": "llama",
  "hidden_size": 4096,
  "num_hidden_layers": 32,
  "num_attention_heads": 32,
  "num_key_value_heads": 8,
  "intermediate_size": 14336,
  "vocab_size": 128256,
  "tie_word_embeddings": false
})";

const std::string deepseek = R"({
  "model_type": "deepseek_v3",
  "hidden_size": 512,
  "num_hidden_layers": 4,
  "num_attention_heads": 8,
  "vocab_size": 1000,
  "intermediate_size": 1024,
  "moe_intermediate_size": 256,
  "n_routed_experts": 16,
  "n_shared_experts": 1,
  "num_experts_per_tok": 4,
  "n_group": 4,
  "topk_group": 2,
  "first_k_dense_replace": 1,
  "moe_layer_freq": 1,
  "kv_lora_rank": 64,
  "qk_nope_head_dim": 32,
  "qk_rope_head_dim": 16,
  "v_head_dim": 32
})";

TEST(BadModelConfig, TheGoodOnesAreGood) {
  EXPECT_EQ(diagnose(llama), "no error");
  EXPECT_EQ(diagnose(deepseek), "no error");
}

TEST(BadModelConfig, EmptyOrNoObject) {
  EXPECT_EQ(diagnose(""), "1:1: malformed JSON: the text ends too early\n");
  EXPECT_EQ(diagnose("[1, 2]"), "1:1: a model config must be a JSON object\n");
  EXPECT_EQ(diagnose("4096"), "1:1: a model config must be a JSON object\n");
}

TEST(BadModelConfig, SyntaxErrorAtItsCharacter) {
  EXPECT_EQ(diagnose(replaced(llama, "32,", "32;")),
            "4:26: malformed JSON: the text is not valid here\n");
  EXPECT_EQ(diagnose(replaced(llama, "4096", "NaN")),
            "3:18: malformed JSON: the text is not valid here\n");
  EXPECT_EQ(diagnose("{\"model_type\": \"llama\","),
            "1:24: malformed JSON: the text ends too early\n");
}

TEST(BadModelConfig, NumberThatNoDoubleHolds) {
  EXPECT_EQ(diagnose(replaced(llama, "4096", "1e400")),
            "3:18: malformed JSON: the number is too large\n");
}

// Where the JSON library stops reading; what followed was taken for keys and brackets.
TEST(BadModelConfig, NulByteBehindTheEnd) {
  EXPECT_EQ(diagnose("{\"a\": 1}" + std::string(1, '\0') + "]"),
            "1:9: a NUL byte in the text -> remove it\n");
}

TEST(BadModelConfig, DuplicateKeyAtTheSecond) {
  EXPECT_EQ(diagnose(replaced(llama, "\"vocab_size\": 128256,",
                              "\"vocab_size\": 1, \"hidden_size\": 8,")),
            "8:20: duplicate key 'hidden_size' -> keep one of the two\n");
}

TEST(BadModelConfig, DuplicateKeyInsideAnObject) {
  EXPECT_EQ(diagnose(replaced(llama, "128256",
                              "128256, \"rope_scaling\": {\"factor\": 8, \"factor\": 4}")),
            "8:55: duplicate key 'factor' -> keep one of the two\n");
  // The same key in two objects, and a text that looks like a key, are no duplicates.
  EXPECT_EQ(
      diagnose(replaced(llama, "128256", R"(128256, "a": {"x": 1}, "b": [{"x": 1}, "c\": \\"])")),
      "no error");
}

TEST(BadModelConfig, UnknownModelType) {
  EXPECT_EQ(diagnose(replaced(llama, "\"llama\"", "\"lama\"")),
            "2:3: unknown model_type 'lama' -> did you mean 'llama'?\n");
  EXPECT_EQ(
      diagnose(replaced(llama, "\"llama\"", "\"bert\"")),
      "2:3: unknown model_type 'bert' -> one of: deepseek_v2, deepseek_v3, kimi_k2, llama, "
      "mistral, mixtral, qwen2, qwen2_moe, qwen3, qwen3_moe, glm4_moe, gpt_oss, gpt2, gpt_neox, "
      "mpt\n");
  EXPECT_EQ(diagnose(replaced(llama, "\"llama\"", "7")), "2:3: model_type = 7 must be a text\n");
}

TEST(BadModelConfig, MissingModelType) {
  EXPECT_EQ(
      diagnose("{}"),
      "1:1: missing key 'model_type' -> one of: deepseek_v2, deepseek_v3, kimi_k2, llama, "
      "mistral, mixtral, qwen2, qwen2_moe, qwen3, qwen3_moe, glm4_moe, gpt_oss, gpt2, gpt_neox, "
      "mpt\n");
}

TEST(BadModelConfig, MissingAndNullKeys) {
  EXPECT_EQ(diagnose(replaced(llama, "  \"intermediate_size\": 14336,\n", "")),
            "1:1: missing key 'intermediate_size'\n");
  EXPECT_EQ(diagnose(replaced(llama, "4096", "null")),
            "3:3: missing key 'hidden_size' -> also read as: n_embd, d_model\n");
}

TEST(BadModelConfig, CountsOutOfBounds) {
  EXPECT_EQ(diagnose(replaced(llama, "4096", "0")),
            "3:3: hidden_size = 0 must be a whole number from 1 to 10000000\n");
  EXPECT_EQ(diagnose(replaced(llama, "4096", "-4096")),
            "3:3: hidden_size = -4096 must be a whole number from 1 to 10000000\n");
  EXPECT_EQ(diagnose(replaced(llama, "4096", "10000001")),
            "3:3: hidden_size = 10000001 must be a whole number from 1 to 10000000\n");
  EXPECT_EQ(diagnose(replaced(llama, ": 32,", ": 10001,")),
            "4:3: num_hidden_layers = 10001 must be a whole number from 1 to 10000\n");
  EXPECT_EQ(diagnose(replaced(llama, "128256", "1e300")),
            "8:3: vocab_size = 1e+300 must be a whole number from 1 to 10000000\n");
  EXPECT_EQ(diagnose(replaced(llama, "128256", "99999999999999999999999999")),
            "8:3: vocab_size = 1e+26 must be a whole number from 1 to 10000000\n");
  EXPECT_EQ(diagnose(replaced(llama, "128256", "0.5")),
            "8:3: vocab_size = 0.5 must be a whole number from 1 to 10000000\n");
}

TEST(BadModelConfig, ValuesOfTheWrongType) {
  EXPECT_EQ(diagnose(replaced(llama, "4096", "\"4096\"")),
            "3:3: hidden_size = \"4096\" must be a whole number from 1 to 10000000\n");
  EXPECT_EQ(diagnose(replaced(llama, "4096", "[4096]")),
            "3:3: hidden_size = (array) must be a whole number from 1 to 10000000\n");
  EXPECT_EQ(diagnose(replaced(llama, "4096", "true")),
            "3:3: hidden_size = true must be a whole number from 1 to 10000000\n");
  EXPECT_EQ(diagnose(replaced(llama, "false", "\"no\"")),
            "9:3: tie_word_embeddings = \"no\" must be true or false\n");
}

TEST(BadModelConfig, AValueNestedDeeplyIsNotWrittenOut) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_EQ(diagnose(replaced(llama, "4096", deep)),
            "3:3: hidden_size = (array) must be a whole number from 1 to 10000000\n");
}

TEST(BadModelConfig, HeadsThatDoNotDivide) {
  EXPECT_EQ(diagnose(replaced(llama, ": 8,", ": 5,")),
            "6:3: num_attention_heads = 32 is not a multiple of num_key_value_heads = 5\n");
  EXPECT_EQ(diagnose(replaced(llama, "4096", "4097")),
            "5:3: the width 4097 is not a multiple of num_attention_heads = 32 -> give head_dim if "
            "the heads are not an even part of the width\n");
  EXPECT_EQ(diagnose(replaced(llama, "4096", "4097, \"head_dim\": 128")), "no error");
}

TEST(BadModelConfig, ProductsThatNoIntegerHolds) {
  EXPECT_EQ(diagnose(replaced(llama, "4096", "4096, \"head_dim\": 10000000")),
            "3:24: head_dim makes a width of 320000000: more than 100000000\n");
  EXPECT_EQ(
      diagnose(replaced(deepseek, "\"n_shared_experts\": 1", "\"n_shared_experts\": 10000000")),
      "10:3: n_shared_experts makes a width of 2560000000: more than 100000000\n");
}

TEST(BadModelConfig, MoreActiveExpertsThanThereAre) {
  EXPECT_EQ(diagnose(replaced(deepseek, "tok\": 4", "tok\": 17")),
            "11:3: num_experts_per_tok = 17 is more than n_routed_experts = 16\n");
}

TEST(BadModelConfig, GroupsThatDoNotDivideOrHoldTooFew) {
  EXPECT_EQ(diagnose(replaced(deepseek, "\"n_group\": 4", "\"n_group\": 3")),
            "12:3: 16 experts cannot be chosen from 2 of 3 equal groups\n");
  EXPECT_EQ(diagnose(replaced(deepseek, "\"topk_group\": 2", "\"topk_group\": 5")),
            "12:3: 16 experts cannot be chosen from 5 of 4 equal groups\n");
  EXPECT_EQ(diagnose(replaced(deepseek, "tok\": 4", "tok\": 9")),
            "13:3: 2 of 4 groups hold 8 experts, fewer than num_experts_per_tok = 9\n");
}

TEST(BadModelConfig, MoreDenseLayersThanLayers) {
  EXPECT_EQ(diagnose(replaced(deepseek, "replace\": 1", "replace\": 5")),
            "14:3: first_k_dense_replace = 5 is more than num_hidden_layers = 4\n");
}

TEST(BadModelConfig, WhatIsNotModelledIsNotIgnored) {
  EXPECT_EQ(diagnose(replaced(deepseek, "freq\": 1", "freq\": 2")),
            "15:3: moe_layer_freq above 1 is not modelled -> all layers after the dense ones have "
            "experts\n");
  EXPECT_EQ(diagnose(replaced(replaced(llama, "\"llama\"", "\"qwen2\""), "false",
                              "false,\n\"use_sliding_window\": true")),
            "10:1: use_sliding_window = true is not modelled\n");
}

TEST(BadModelConfig, AllErrorsAtOnceInTheOrderOfTheFile) {
  const std::string text = replaced(replaced(llama, "14336", "\"wide\""), "4096", "0");
  EXPECT_EQ(diagnose(text),
            "3:3: hidden_size = 0 must be a whole number from 1 to 10000000\n"
            "7:3: intermediate_size = \"wide\" must be a whole number from 1 to 10000000\n");
}

// No damage to a good file ends in anything but a config or located diagnostics.
RC_GTEST_PROP(BadModelConfig, AnyDamageIsDiagnosed, ()) {
  std::string text = *rc::gen::element(llama, deepseek);
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      text.erase(at, *rc::gen::inRange<std::size_t>(1, 20));
      break;
    case 1:
      text[at] = *rc::gen::element('{', '}', '"', '9', ',', '\\', '\n', '\0', '\xff');
      break;
    default:
      text.insert(at, *rc::gen::element<std::string>("null", "[[", "-1", "1e999", "\"\""));
      break;
  }
  RC_ASSERT(!diagnose(text).empty());
}

}  // namespace
}  // namespace fleetwright
