#include "planner/output/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "planner/output/markup.hpp"

namespace fleetwright {
namespace {

bool like_a_number(const std::string& cell) {
  if (cell.empty() || cell == "-") return true;
  const auto at = cell.find_first_not_of("+-$ ");
  return at != std::string::npos && cell[at] >= '0' && cell[at] <= '9';
}

// Short cells that begin like numbers; a column of texts with a number in front is none.
bool numeric(const Listing& listing, std::size_t column) {
  constexpr std::size_t longest = 34;
  return std::ranges::all_of(listing.rows, [&](const std::vector<std::string>& row) {
    return row[column].size() <= longest && like_a_number(row[column]);
  });
}

}  // namespace

std::string html_element(std::string_view name, const std::string& text) {
  return fmt::format("<{0}>{1}</{0}>\n", name, markup_text(text));
}

std::string html_table(const std::string& caption, const Listing& listing) {
  std::string out =
      fmt::format("<table>\n<caption>{}</caption>\n<thead><tr>", markup_text(caption));
  std::vector<const char*> classes;
  for (std::size_t c = 0; c < listing.columns.size(); ++c) {
    classes.push_back(c > 0 && numeric(listing, c) ? " class=\"n\"" : "");
    out += fmt::format("<th scope=\"col\"{}>{}</th>", classes[c], markup_text(listing.columns[c]));
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : listing.rows) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", markup_text(row.front()));
    for (std::size_t c = 1; c < row.size(); ++c) {
      out += fmt::format("<td{}>{}</td>", classes[c], markup_text(row[c]));
    }
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n";
}

std::string html_figure(const std::string& svg, const std::string& caption) {
  return fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", svg,
                     markup_text(caption));
}

std::string html_list(const std::vector<std::string>& texts) {
  std::string out = "<ul>\n";
  for (const std::string& text : texts) out += html_element("li", text);
  return out + "</ul>\n";
}

}  // namespace fleetwright
