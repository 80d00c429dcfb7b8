#include "gui/models/toml_text.hpp"

#include <QMap>
#include <vector>

namespace fleetwright::gui {
namespace {

/// A "key = value" of the document, or the header of a table.
struct Entry {
  QString table;  // "phase[1]"; empty at the top
  QString key;    // empty for a header
  qsizetype line_begin = 0;
  qsizetype value_begin = 0;
  qsizetype value_end = 0;
  qsizetype line_end = 0;  // before the line feed that ends it

  [[nodiscard]] QString path() const { return table.isEmpty() ? key : table + "." + key; }
};

// Passes a string that begins at `at`, of one line or of several; the place after it.
qsizetype pass_string(const QString& text, qsizetype at) {
  const QChar quote = text[at];
  const QString three(3, quote);
  if (QStringView(text).mid(at).startsWith(three)) {
    const qsizetype end = text.indexOf(three, at + 3);
    return end < 0 ? text.size() : end + 3;
  }
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at) {
    if (text[at] == '\\' && quote == '"') ++at;
  }
  return std::min(at + 1, text.size());
}

// The end of a value that begins at `at`: a line feed or comment outside strings and brackets.
qsizetype pass_value(const QString& text, qsizetype at) {
  int depth = 0;
  while (at < text.size()) {
    const QChar c = text[at];
    if (c == '"' || c == '\'') {
      at = pass_string(text, at);
      continue;
    }
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == '#' && depth > 0) {
      while (at < text.size() && text[at] != '\n') ++at;
      continue;
    }
    if (depth <= 0 && (c == '\n' || c == '#')) break;
    ++at;
  }
  return at;
}

qsizetype end_of_line(const QString& text, qsizetype at) {
  const qsizetype end = text.indexOf('\n', at);
  return end < 0 ? text.size() : end;
}

QString without_quotes(const QString& key) { return key.trimmed().remove('"').remove('\''); }

std::vector<Entry> entries_of(const QString& text) {
  std::vector<Entry> entries;
  QMap<QString, int> counts;  // of tables in arrays
  QString table;
  qsizetype at = 0;
  while (at < text.size()) {
    const qsizetype line_begin = at;
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    const qsizetype end = end_of_line(text, at);
    const QString line = text.mid(at, end - at);
    if (line.startsWith('[')) {
      const bool in_array = line.startsWith("[[");
      const qsizetype close = line.indexOf(']');
      const int skip = in_array ? 2 : 1;
      table = without_quotes(line.mid(skip, std::max<qsizetype>(close - skip, 0)));
      if (in_array) table += QStringLiteral("[%1]").arg(counts[table]++);
      entries.push_back({table, {}, line_begin, at, end, end});
    } else if (const qsizetype equals = line.indexOf('=');
               !line.isEmpty() && !line.startsWith('#') && equals > 0) {
      qsizetype value = at + equals + 1;
      while (value < text.size() && (text[value] == ' ' || text[value] == '\t')) ++value;
      const qsizetype after = pass_value(text, value);
      qsizetype value_end = after;
      while (value_end > value && text[value_end - 1].isSpace()) --value_end;
      const qsizetype line_end = end_of_line(text, after);
      entries.push_back(
          {table, without_quotes(line.left(equals)), line_begin, value, value_end, line_end});
      at = line_end + 1;
      continue;
    }
    at = end + 1;
  }
  return entries;
}

std::optional<Entry> entry_of(const QString& text, const QString& path) {
  for (const Entry& entry : entries_of(text)) {
    if (!entry.key.isEmpty() && entry.path() == path) return entry;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TextEdit> find_value(const QString& text, const QString& path) {
  const auto entry = entry_of(text, path);
  if (!entry) return std::nullopt;
  const qsizetype length = entry->value_end - entry->value_begin;
  return TextEdit{entry->value_begin, length, text.mid(entry->value_begin, length)};
}

TextEdit set_value(const QString& text, const QString& path, const QString& value) {
  if (const auto found = find_value(text, path)) return {found->position, found->length, value};
  const auto dot = path.lastIndexOf('.');
  const QString table = dot < 0 ? QString() : path.left(dot);
  const QString line = path.mid(dot + 1) + " = " + value;
  std::optional<Entry> last;
  for (const Entry& entry : entries_of(text)) {
    if (entry.table == table) last = entry;
  }
  if (last) return {last->line_end, 0, "\n" + line};
  if (table.isEmpty()) return {0, 0, line + "\n"};
  const bool in_array = table.endsWith(']');
  const QString name = in_array ? table.left(table.lastIndexOf('[')) : table;
  const QString header = in_array ? "[[" + name + "]]" : "[" + name + "]";
  const QString gap = text.isEmpty() || text.endsWith('\n') ? "\n" : "\n\n";
  return {text.size(), 0, gap + header + "\n" + line + "\n"};
}

std::optional<TextEdit> remove_value(const QString& text, const QString& path) {
  const auto entry = entry_of(text, path);
  if (!entry) return std::nullopt;
  const qsizetype end = std::min(entry->line_end + 1, text.size());
  return TextEdit{entry->line_begin, end - entry->line_begin, {}};
}

int line_of(const QString& text, const QString& path) {
  const auto entry = entry_of(text, path);
  return entry ? static_cast<int>(text.left(entry->value_begin).count('\n')) + 1 : 0;
}

QString path_at_line(const QString& text, int line) {
  for (const Entry& entry : entries_of(text)) {
    if (entry.key.isEmpty()) continue;
    const auto first = text.left(entry.line_begin).count('\n') + 1;
    const auto last = text.left(entry.value_end).count('\n') + 1;
    if (line >= first && line <= last) return entry.path();
  }
  return {};
}

}  // namespace fleetwright::gui
