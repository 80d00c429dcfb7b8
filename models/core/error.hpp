#pragma once

#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fleetwright {

/// The environment failed us: a file that cannot be read, a child process that died. Exit code 1.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Nothing can be done with what was given: says what is lacking and by how much. Exit code 3.
class Infeasible : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The user asked to stop before there was anything to show. Exit code 130.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// Ends the process with the broken invariant; on in all builds. For bugs alone: input must never
/// reach one.
[[noreturn]] void fail_invariant(std::string_view expression, std::string_view message,
                                 std::source_location where = std::source_location::current());

/// Checks an invariant of the program (never of its input).
inline void ensure(bool condition, std::string_view message,
                   std::source_location where = std::source_location::current()) {
  if (!condition) fail_invariant("invariant", message, where);
}

}  // namespace fleetwright
