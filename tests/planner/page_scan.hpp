#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwright::testing {

/// An element of a page as it was written.
struct PageElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;                  // directly in it
  std::vector<std::string> parents;  // names, outermost first

  [[nodiscard]] std::string attribute(const std::string& key) const;
  [[nodiscard]] bool within(std::string_view parent) const;
};

/// The elements of an HTML page in their order, by a scanner that is strict where browsers forgive:
/// throws std::runtime_error where a tag is not closed, or closed by another's.
[[nodiscard]] std::vector<PageElement> scan_page(const std::string& page);

}  // namespace fleetwright::testing
