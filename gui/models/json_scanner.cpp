#include "gui/models/json_scanner.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace fleetwright::gui {
namespace {

// Deeper than any trace; a text of nothing but brackets must not exhaust the stack.
constexpr int most_levels = 100;

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

}  // namespace

void JsonScanner::pass_space() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

bool JsonScanner::sees(char c) {
  pass_space();
  return at_ < text_.size() && text_[at_] == c;
}

bool JsonScanner::take(char c) {
  if (!sees(c)) return false;
  ++at_;
  return true;
}

bool JsonScanner::unescape(std::string_view raw) {
  unescaped_.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      unescaped_ += raw[i];
      continue;
    }
    if (++i >= raw.size()) return false;
    switch (raw[i]) {
      case 'n':
        unescaped_ += '\n';
        break;
      case 't':
        unescaped_ += '\t';
        break;
      case 'r':
        unescaped_ += '\r';
        break;
      case 'b':
        unescaped_ += '\b';
        break;
      case 'f':
        unescaped_ += '\f';
        break;
      case 'u': {
        unsigned code = 0;
        if (i + 4 >= raw.size()) return false;
        const char* begin = raw.data() + i + 1;
        if (std::from_chars(begin, begin + 4, code, 16).ptr != begin + 4) return false;
        append_utf8(unescaped_, code);
        i += 4;
        break;
      }
      default:
        unescaped_ += raw[i];
    }
  }
  return true;
}

bool JsonScanner::string(std::string_view& out) {
  if (!take('"')) return false;
  const std::size_t begin = at_;
  bool escapes = false;
  while (at_ < text_.size() && text_[at_] != '"') {
    if (text_[at_] == '\\') {
      escapes = true;
      ++at_;
    }
    ++at_;
  }
  if (at_ >= text_.size()) return false;
  out = text_.substr(begin, at_ - begin);
  ++at_;
  if (!escapes) return true;
  if (!unescape(out)) return false;
  out = unescaped_;
  return true;
}

bool JsonScanner::number(double& out) {
  pass_space();
  const char* end = text_.data() + text_.size();
  const auto [after, status] = std::from_chars(text_.data() + at_, end, out);
  if (status != std::errc{} || !std::isfinite(out)) return false;  // JSON has no "inf" and "nan"
  at_ = static_cast<std::size_t>(after - text_.data());
  return true;
}

bool JsonScanner::skip() {
  std::string_view ignored;
  if (sees('"')) return string(ignored);
  if (sees('{') || sees('[')) {
    if (++depth_ > most_levels) return false;
    const bool passed = sees('{') ? object([this](std::string_view) { return skip(); })
                                  : array([this] { return skip(); });
    --depth_;
    return passed;
  }
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text_.substr(at_).starts_with(word)) {
      at_ += word.size();
      return true;
    }
  }
  double unused = 0;
  return number(unused);
}

}  // namespace fleetwright::gui
