#pragma once

#include <string>
#include <string_view>

namespace fleetwright::gui {

/// Goes through a JSON text without building a document: traces have some hundred thousand small
/// objects, of which a handful of fields matter. All calls return false at the first fault.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  /// Passes `c`, after white space.
  bool take(char c);
  /// True if `c` comes next, after white space; it stays.
  [[nodiscard]] bool sees(char c);
  /// A string; `out` is valid until the next call.
  bool string(std::string_view& out);
  bool number(double& out);
  /// Passes over any value.
  bool skip();

  /// Calls `member(key)`, which takes the value, for each member of an object.
  template <typename Member>
  bool object(Member member) {
    if (!take('{')) return false;
    if (take('}')) return true;
    do {
      std::string_view key;
      if (!string(key) || !take(':') || !member(key)) return false;
    } while (take(','));
    return take('}');
  }

  /// Calls `element()`, which takes the value, for each element of an array.
  template <typename Element>
  bool array(Element element) {
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      if (!element()) return false;
    } while (take(','));
    return take(']');
  }

  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  void pass_space();
  bool unescape(std::string_view raw);

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string unescaped_;
};

}  // namespace fleetwright::gui
