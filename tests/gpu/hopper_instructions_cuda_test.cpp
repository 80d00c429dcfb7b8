// What nvcc made of the kernels for Hopper, read from their cubins: no GPU is needed. Instructions
// are of 16 bytes, the lowest 12 bits say which (seen in disassemblies of sm_90a by CUDA 13.0).

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace fleetwright::gpu {
namespace {

constexpr unsigned opcode_qgmma = 0x9f3, opcode_hgmma = 0x9f0, opcode_hgmma_registers = 0xdf0,
                   opcode_utmaldg = 0x5b4, opcode_ldl = 0x983, opcode_stl = 0x387,
                   opcode_warpgroup = 0x9c5;

using Counts = std::map<unsigned, int>;  // by opcode

template <typename T>
T read_at(const std::vector<char>& bytes, std::size_t at) {
  T value{};
  if (at + sizeof(T) > bytes.size()) throw std::runtime_error("the cubin ends too early");
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

/// Of each kernel of a cubin, by its mangled name.
std::map<std::string, Counts> instructions_of(const std::string& name) {
  const auto file = std::filesystem::path(FLEETWRIGHT_HOPPER_CUBINS) / (name + ".cubin");
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in) << file;
  const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
  const auto header = read_at<Elf64_Ehdr>(bytes, 0);
  const auto section = [&](std::size_t i) {
    return read_at<Elf64_Shdr>(bytes, header.e_shoff + i * sizeof(Elf64_Shdr));
  };
  const Elf64_Shdr names = section(header.e_shstrndx);
  std::map<std::string, Counts> kernels;
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const Elf64_Shdr s = section(i);
    const std::string title = bytes.data() + names.sh_offset + s.sh_name;
    if (title.rfind(".text.", 0) != 0) continue;
    for (std::size_t at = s.sh_offset; at < s.sh_offset + s.sh_size; at += 16) {
      ++kernels[title.substr(6)][read_at<std::uint64_t>(bytes, at) & 0xfff];
    }
  }
  return kernels;
}

void expect_in_registers_and_loaded_by_boxes(const std::string& name, Counts& counts) {
  EXPECT_EQ(counts[opcode_ldl] + counts[opcode_stl], 0) << name;
  EXPECT_GT(counts[opcode_utmaldg], 0) << name;
}

TEST(HopperInstructions, OfFp8ProductsAreThoseOfTheTensorCores) {
  std::size_t kernels = 0;
  for (const char* file : {"fp8_forward", "fp8_weight_gradient"}) {
    for (auto& [name, counts] : instructions_of(file)) {
      ++kernels;
      expect_in_registers_and_loaded_by_boxes(name, counts);
      // Four for 128 of k, twice where a warp-group has 128 rows.
      EXPECT_EQ(counts[opcode_qgmma], name.find("ILi256E") == std::string::npos ? 4 : 8) << name;
    }
  }
  EXPECT_EQ(kernels, 14U);
}

TEST(HopperInstructions, OfAttentionAreThoseOfTheTensorCores) {
  auto kernels = instructions_of("attention_forward");
  EXPECT_EQ(kernels.size(), 1U);
  for (auto& [name, counts] : kernels) {
    expect_in_registers_and_loaded_by_boxes(name, counts);
    // Scores of the first block of keys and of the others: 192 in steps of 16. Weights, which are
    // in registers, of 128 keys in steps of 16: within the loop and after it.
    EXPECT_EQ(counts[opcode_hgmma], 2 * 12) << name;
    EXPECT_EQ(counts[opcode_hgmma_registers], 2 * 8) << name;
  }
}

TEST(HopperInstructions, OfAttentionGradientsAreThoseOfTheTensorCores) {
  auto kernels = instructions_of("attention_backward");
  EXPECT_EQ(kernels.size(), 1U);
  for (auto& [name, counts] : kernels) {
    expect_in_registers_and_loaded_by_boxes(name, counts);
    // Scores of 192 and gradients of weights of 128 in steps of 16; of keys of 64 queries, of
    // queries of 128 keys in two parts. Of values with the weights in registers, of 64 queries.
    EXPECT_EQ(counts[opcode_hgmma], 12 + 8 + 4 + 2 * 8) << name;
    EXPECT_EQ(counts[opcode_hgmma_registers], 4) << name;
  }
}

TEST(HopperInstructions, OfDecodingAreThoseOfTheTensorCores) {
  auto kernels = instructions_of("decode");
  EXPECT_EQ(kernels.size(), 1U);
  for (auto& [name, counts] : kernels) {
    expect_in_registers_and_loaded_by_boxes(name, counts);
    // Of each warp-group: scores of 576 in steps of 16, and 64 keys in steps of 16 with weights of
    // the other page; of right once more, where left has the last page. Weights of the own page are
    // in registers.
    EXPECT_EQ(counts[opcode_hgmma], 2 * 36 + 3 * 4) << name;
    EXPECT_EQ(counts[opcode_hgmma_registers], 2 * 4) << name;
    // A fence before the products of each panel and before weighing, and three and four waits. With
    // more the compiler makes products wait for each other.
    EXPECT_EQ(counts[opcode_warpgroup], 2 * 9 + 2 + 3 + 3 + 4) << name;
  }
}

}  // namespace
}  // namespace fleetwright::gpu
