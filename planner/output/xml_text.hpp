#pragma once

#include <string>
#include <string_view>

namespace fleetwright {

/// Text that may stand in an HTML or SVG element or attribute, whatever it holds: markup becomes
/// references, control characters the replacement character.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace fleetwright
