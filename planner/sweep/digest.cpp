#include "planner/sweep/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"

namespace fleetwright {
namespace {

class Hash {
 public:
  Hash() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    ensure(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1,
           "SHA-256 is there");
  }
  void add(std::string_view bytes) {
    ensure(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "hashing works");
  }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    ensure(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1, "hashing works");
    std::string out;
    for (unsigned int i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
    return out;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// The folders that hold what predictions are made from.
constexpr std::array data_folders{"models/data", "models/zoo", "planner/data", "profiles/data"};

}  // namespace

std::string sha256(std::string_view bytes) {
  Hash hash;
  hash.add(bytes);
  return hash.hex();
}

std::string sha256_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(fmt::format("cannot read '{}'", file.string()));
  Hash hash;
  std::array<char, 1 << 16> piece{};
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
    hash.add({piece.data(), static_cast<std::size_t>(in.gcount())});
  }
  if (in.bad()) throw Error(fmt::format("cannot read '{}'", file.string()));
  return hash.hex();
}

std::string provenance_digest(const std::filesystem::path& program) {
  std::string parts = "program " + sha256_of_file(program) + "\n";
  for (const char* folder : data_folders) {
    const std::filesystem::path root = data_file(folder);
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(root).string());
    }
    std::ranges::sort(names);
    for (const std::string& name : names) {
      parts += fmt::format("{}/{} {}\n", folder, name, sha256_of_file(root / name));
    }
  }
  return sha256(parts);
}

}  // namespace fleetwright
