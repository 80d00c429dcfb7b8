#pragma once

#include <string>
#include <string_view>

namespace fleetwright {

/// A text as content or attribute value of HTML, SVG and XML: it is shown, whatever it holds. What
/// XML has no character for (control characters, bytes that are not UTF-8) becomes U+FFFD.
[[nodiscard]] std::string markup_text(std::string_view text);

/// A text within Markdown, also in a cell of a table: most viewers take HTML in it for HTML.
[[nodiscard]] std::string markdown_text(std::string_view text);

}  // namespace fleetwright
