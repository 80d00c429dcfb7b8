#include "tests/planner/page_scan.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace fleetwright::testing {
namespace {

bool in_a_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == ':';
}

/// Reads the inside of a tag: a name and attributes in double quotes.
PageElement read_tag(std::string_view tag) {
  PageElement e;
  std::size_t at = 0;
  const auto word = [&] {
    const std::size_t from = at;
    while (at < tag.size() && in_a_name(tag[at])) ++at;
    return std::string(tag.substr(from, at - from));
  };
  e.name = word();
  while (at < tag.size()) {
    while (at < tag.size() && (tag[at] == ' ' || tag[at] == '\n' || tag[at] == '/')) ++at;
    if (at == tag.size()) break;
    const std::string key = word();
    if (key.empty() || at + 1 >= tag.size() || tag[at] != '=' || tag[at + 1] != '"') {
      throw std::runtime_error("an attribute without a quoted value in <" + std::string(tag) + ">");
    }
    const auto end = tag.find('"', at + 2);
    if (end == std::string_view::npos) throw std::runtime_error("a quote without an end");
    if (!e.attributes.emplace(key, tag.substr(at + 2, end - at - 2)).second) {
      throw std::runtime_error("attribute " + key + " twice");
    }
    at = end + 1;
  }
  return e;
}

}  // namespace

std::string PageElement::attribute(const std::string& key) const {
  const auto it = attributes.find(key);
  return it == attributes.end() ? "" : it->second;
}

bool PageElement::within(std::string_view parent) const {
  return std::ranges::find(parents, parent) != parents.end();
}

std::vector<PageElement> scan_page(const std::string& page) {
  std::vector<PageElement> elements;
  std::vector<std::size_t> open;
  std::size_t at = 0;
  while (at < page.size()) {
    const auto tag = page.find('<', at);
    if (!open.empty()) elements[open.back()].text += page.substr(at, tag - at);
    if (tag == std::string::npos) break;
    const auto end = page.find('>', tag);
    if (end == std::string::npos) throw std::runtime_error("a tag without an end");
    const std::string inside = page.substr(tag + 1, end - tag - 1);
    at = end + 1;
    if (inside.starts_with("!doctype")) continue;
    if (inside.starts_with("/")) {
      if (open.empty() || elements[open.back()].name != inside.substr(1)) {
        throw std::runtime_error("</" + inside.substr(1) + "> closes another element");
      }
      open.pop_back();
      continue;
    }
    PageElement e = read_tag(inside);
    for (const std::size_t o : open) e.parents.push_back(elements[o].name);
    elements.push_back(std::move(e));
    const std::string& name = elements.back().name;
    if (name != "meta" && !inside.ends_with("/")) open.push_back(elements.size() - 1);
  }
  if (!open.empty()) throw std::runtime_error("<" + elements[open.back()].name + "> is not closed");
  return elements;
}

}  // namespace fleetwright::testing
