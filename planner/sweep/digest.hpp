#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace fleetwright {

/// SHA-256 (FIPS 180-4) of bytes, as 64 hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view bytes);

/// That of a file's content, read piece by piece. Throws Error if it cannot be read.
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& file);

/// What a prediction depends on besides its scenario: the digest of the program that makes it and
/// of all data files that it reads. Another build or a changed price gives another digest.
[[nodiscard]] std::string provenance_digest(const std::filesystem::path& program);

}  // namespace fleetwright
