#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleetwright {

/// A plain table of texts: what `list` and `show` print.
struct Listing {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
};

/// "table", "json" (an array of objects), "csv", "md" or "html".
[[nodiscard]] std::string print(const Listing& listing, std::string_view format);

}  // namespace fleetwright
