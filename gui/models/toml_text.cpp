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
  bool in_braces = false;  // one of { a = 1, b = 2 }: its line is from its key to its value's end

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

// The end of a value in braces or brackets: the comma or the bracket after it.
qsizetype pass_item(const QString& text, qsizetype at, qsizetype end) {
  int depth = 0;
  while (at < end) {
    const QChar c = text[at];
    if (c == '"' || c == '\'') {
      at = pass_string(text, at);
      continue;
    }
    if (c == '#') {
      at = end_of_line(text, at);
      continue;
    }
    if (depth == 0 && (c == ',' || c == ']' || c == '}')) break;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    ++at;
  }
  return at;
}

qsizetype pass_space(const QString& text, qsizetype at, qsizetype end) {
  while (at < end && (text[at].isSpace() || text[at] == ',' || text[at] == '#')) {
    at = text[at] == '#' ? end_of_line(text, at) : at + 1;
  }
  return at;
}

// The entries of the tables in a value: { a = 1 } or [{ a = 1 }, { a = 2 }].
void add_inside(const QString& text, const QString& path, qsizetype begin, qsizetype end,
                std::vector<Entry>& entries) {
  if (begin >= end || (text[begin] != '{' && text[begin] != '[')) return;
  const bool table = text[begin] == '{';
  int index = 0;
  for (qsizetype at = pass_space(text, begin + 1, end); at < end - 1;
       at = pass_space(text, at, end)) {
    if (text[at] == '}' || text[at] == ']') break;
    qsizetype value = at;
    QString inner = QStringLiteral("%1[%2]").arg(path).arg(index++);
    const qsizetype after = pass_item(text, at, end);
    qsizetype value_end = after;
    while (value_end > at && text[value_end - 1].isSpace()) --value_end;
    if (table) {
      const qsizetype equals = text.indexOf('=', at);
      if (equals < 0 || equals >= value_end) return;  // not finished yet
      value = pass_space(text, equals + 1, value_end);
      const QString key = without_quotes(text.mid(at, equals - at));
      entries.push_back({path, key, at, value, value_end, value_end, true});
      inner = entries.back().path();
    }
    add_inside(text, inner, value, value_end, entries);
    at = after;
  }
}

// "phase.rollouts" below the second [[phase]] is phase[1].rollouts.
QString full_path(const QString& header, bool in_array, QMap<QString, int>& counts) {
  QString path;
  const QStringList parts = header.split('.');
  for (qsizetype i = 0; i < parts.size(); ++i) {
    if (!path.isEmpty()) path += '.';
    path += without_quotes(parts[i]);
    const bool last = i + 1 == parts.size();
    if (last && in_array) return QStringLiteral("%1[%2]").arg(path).arg(counts[path]++);
    if (const int count = counts.value(path); count > 0) {
      path += QStringLiteral("[%1]").arg(count - 1);
    }
  }
  return path;
}

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
      table = full_path(line.mid(skip, std::max<qsizetype>(close - skip, 0)), in_array, counts);
      entries.push_back({table, {}, line_begin, at, end, end});
    } else if (const qsizetype equals = line.indexOf('=');
               !line.isEmpty() && !line.startsWith('#') && equals > 0) {
      qsizetype value = at + equals + 1;
      while (value < text.size() && (text[value] == ' ' || text[value] == '\t')) ++value;
      const qsizetype after = pass_value(text, value);
      qsizetype value_end = after;
      while (value_end > value && text[value_end - 1].isSpace()) --value_end;
      const qsizetype line_end = end_of_line(text, after);
      const QString key = without_quotes(line.left(equals));
      entries.push_back({table, key, line_begin, value, value_end, line_end});
      add_inside(text, QString(entries.back().path()), value, value_end, entries);
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

std::map<QString, QString> values_in(const QString& text) {
  std::map<QString, QString> values;
  for (const Entry& entry : entries_of(text)) {
    if (entry.key.isEmpty()) continue;
    values[entry.path()] = text.mid(entry.value_begin, entry.value_end - entry.value_begin);
  }
  return values;
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
  if (last && last->in_braces) return {last->value_end, 0, ", " + line};
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
  if (!entry->in_braces) {
    const qsizetype end = std::min(entry->line_end + 1, text.size());
    return TextEdit{entry->line_begin, end - entry->line_begin, {}};
  }
  // With the comma after it; the last one with the comma before it.
  qsizetype begin = entry->line_begin;
  qsizetype end = pass_space(text, entry->value_end, text.size());
  if (end < text.size() && text[end] == '}') {
    end = entry->value_end;
    const qsizetype before = text.lastIndexOf(',', begin);
    if (before > text.lastIndexOf('{', begin)) begin = before;
  }
  return TextEdit{begin, end - begin, {}};
}

int line_of(const QString& text, const QString& path) {
  const auto entry = entry_of(text, path);
  return entry ? static_cast<int>(text.left(entry->value_begin).count('\n')) + 1 : 0;
}

QString path_at(const QString& text, int line, int column) {
  QString path;
  if (line < 1) return path;  // of the whole document
  qsizetype begin = 0;
  for (int i = 1; i < line && begin < text.size(); ++i) begin = end_of_line(text, begin) + 1;
  const qsizetype at = begin + std::max(column - 1, 0);
  for (const Entry& entry : entries_of(text)) {
    if (entry.key.isEmpty()) continue;
    // Entries in braces follow the one that they are in.
    const bool on_line = entry.line_begin <= end_of_line(text, begin) && entry.value_end >= begin;
    if (entry.in_braces ? entry.line_begin <= at && at < entry.value_end : on_line) {
      path = entry.path();
    }
  }
  return path;
}

}  // namespace fleetwright::gui
