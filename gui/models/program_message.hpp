#pragma once

#include <QString>
#include <vector>

namespace fleetwright::gui {

/// One complaint of the program about a scenario: where, what, and what to write instead.
struct ProgramMessage {
  int line = 0;    // from 1; 0 where the message names no place
  int column = 0;  // from 1
  QString text;
  QString help;
};

/// Reads what the program wrote to standard error: "file:line:column: error: text", each with the
/// line, a caret and help. Anything else becomes messages without a place.
[[nodiscard]] std::vector<ProgramMessage> read_messages(const QString& standard_error);

}  // namespace fleetwright::gui
