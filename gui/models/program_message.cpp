#include "gui/models/program_message.hpp"

#include <QRegularExpression>
#include <QStringList>

namespace fleetwright::gui {

std::vector<ProgramMessage> read_messages(const QString& standard_error) {
  static const QRegularExpression place(
      QStringLiteral("^(.*?):(\\d+):(\\d+): (?:error|warning): (.*)$"));
  static const QRegularExpression caret(QStringLiteral("^\\s*\\^~*\\s*$"));
  std::vector<ProgramMessage> messages;
  bool in_excerpt = false;  // the line of the scenario and the caret under it
  for (const QString& line : standard_error.split('\n')) {
    if (line.trimmed().isEmpty()) continue;
    if (const auto match = place.match(line); match.hasMatch()) {
      messages.push_back(
          {match.captured(2).toInt(), match.captured(3).toInt(), match.captured(4), {}});
      in_excerpt = true;
    } else if (line.startsWith(QLatin1String("  help: ")) && !messages.empty()) {
      messages.back().help = line.mid(8);
      in_excerpt = false;
    } else if (in_excerpt && line.startsWith(QLatin1String("  "))) {
      if (caret.match(line).hasMatch()) in_excerpt = false;
    } else {
      QString text = line;
      if (text.startsWith(QLatin1String("fleetwright: "))) text = text.mid(13);
      messages.push_back({0, 0, text, {}});
      in_excerpt = false;
    }
  }
  return messages;
}

}  // namespace fleetwright::gui
