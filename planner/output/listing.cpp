#include "planner/output/listing.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "planner/output/markup.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {
namespace {

using Row = std::vector<std::string>;

std::string table(const Listing& listing) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < listing.columns.size(); ++c) {
    widths.push_back(columns_of(listing.columns[c]));
    for (const Row& row : listing.rows) widths[c] = std::max(widths[c], columns_of(row[c]));
  }
  const auto line = [&](const Row& row) {
    std::string out;
    for (std::size_t c = 0; c < row.size(); ++c) out += pad_right(row[c], widths[c]) + "  ";
    out.erase(out.find_last_not_of(' ') + 1);
    return out + "\n";
  };
  std::string out = line(listing.columns);
  for (const Row& row : listing.rows) out += line(row);
  return out;
}

std::string json(const Listing& listing) {
  auto array = nlohmann::ordered_json::array();
  for (const Row& row : listing.rows) {
    nlohmann::ordered_json object;
    for (std::size_t c = 0; c < row.size(); ++c) object[listing.columns[c]] = row[c];
    array.push_back(std::move(object));
  }
  return array.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string csv(const Listing& listing) {
  const auto line = [](const Row& row) {
    std::string out;
    for (const std::string& cell : row) out += (&cell == row.data() ? "" : ",") + csv_cell(cell);
    return out + "\n";
  };
  std::string out = line(listing.columns);
  for (const Row& row : listing.rows) out += line(row);
  return out;
}

std::string markdown(const Listing& listing) {
  const auto line = [](const Row& row) {
    std::string out = "|";
    for (const std::string& cell : row) out += " " + markdown_text(cell) + " |";
    return out + "\n";
  };
  std::string out = line(listing.columns) + "|";
  for (std::size_t c = 0; c < listing.columns.size(); ++c) out += "---|";
  out += "\n";
  for (const Row& row : listing.rows) out += line(row);
  return out;
}

std::string html(const Listing& listing) {
  const auto line = [](const Row& row, std::string_view tag) {
    std::string out = "<tr>";
    for (const std::string& cell : row) {
      out += fmt::format("<{0}>{1}</{0}>", tag, markup_text(cell));
    }
    return out + "</tr>\n";
  };
  std::string out =
      "<!doctype html>\n<meta charset=\"utf-8\">\n<table>\n" + line(listing.columns, "th");
  for (const Row& row : listing.rows) out += line(row, "td");
  return out + "</table>\n";
}

}  // namespace

std::string print(const Listing& listing, std::string_view format) {
  if (format == "json") return json(listing);
  if (format == "csv") return csv(listing);
  if (format == "md") return markdown(listing);
  if (format == "html") return html(listing);
  return table(listing);
}

}  // namespace fleetwright
