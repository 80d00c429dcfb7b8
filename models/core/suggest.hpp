#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleetwright {

/// The candidate nearest to `word` by edit distance; if none is near (over a third of the letters
/// differ), the shortest that begins with it; else empty.
[[nodiscard]] std::string nearest_word(std::string_view word,
                                       const std::vector<std::string>& candidates);

/// `did you mean 'x'?` where a candidate is near, else `one of: a, b, c`.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& candidates);

}  // namespace fleetwright
