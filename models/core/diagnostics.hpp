#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwright {

/// A place in an input file; line and column count from 1, 0 means "the file as a whole".
struct SourceLocation {
  std::string file;
  int line = 0;
  int column = 0;

  bool operator==(const SourceLocation&) const = default;
};

/// One thing wrong with an input: where, which rule with which values, and what to do instead.
struct Diagnostic {
  SourceLocation where;
  std::string message;     // lower case, the rule and the values that break it
  std::string suggestion;  // empty, or one sentence that mends it

  bool operator==(const Diagnostic&) const = default;
};

/// The input is wrong. Carries all diagnostics of a file, not only the first. Exit code 2.
class ScenarioError : public std::exception {
 public:
  /// `diagnostics` must not be empty.
  explicit ScenarioError(std::vector<Diagnostic> diagnostics);

  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  [[nodiscard]] const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::vector<Diagnostic> diagnostics_;
  std::string what_;
};

/// Gathers the diagnostics of one input, so that a user sees all of them at once.
class Diagnostics {
 public:
  void add(SourceLocation where, std::string message, std::string suggestion = {});
  [[nodiscard]] bool empty() const { return diagnostics_.empty(); }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return diagnostics_; }

  /// Throws ScenarioError with everything gathered, in the order of the file; does nothing if
  /// empty.
  void throw_if_any() const;

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// Writes a diagnostic as `file:line:column: error: message`, the line itself, a caret, and the
/// suggestion. `text` is the content of the file (empty: no excerpt).
[[nodiscard]] std::string render(const Diagnostic& diagnostic, std::string_view text);

/// As above for each diagnostic, reading the files named in them (an unreadable file: no excerpt).
[[nodiscard]] std::string render(const std::vector<Diagnostic>& diagnostics);

}  // namespace fleetwright
