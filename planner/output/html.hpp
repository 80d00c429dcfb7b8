#pragma once

#include <string>
#include <vector>

#include "planner/output/listing.hpp"

namespace fleetwright {

// Pieces of a page. All texts are escaped here.

[[nodiscard]] std::string html_element(std::string_view name, const std::string& text);

/// A table with a caption and headed columns, each row headed by its first cell. Columns whose
/// cells begin like numbers are set to the right.
[[nodiscard]] std::string html_table(const std::string& caption, const Listing& listing);

/// A picture with a caption below it. `svg` is taken as it is.
[[nodiscard]] std::string html_figure(const std::string& svg, const std::string& caption);

[[nodiscard]] std::string html_list(const std::vector<std::string>& texts);

}  // namespace fleetwright
