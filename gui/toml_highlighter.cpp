#include "gui/toml_highlighter.hpp"

#include "gui/theme.hpp"

namespace fleetwright::gui {
namespace {

// Where the comment of a line begins; its length where it has none.
int comment_begin(const QString& text) {
  QChar quote;
  for (int i = 0; i < text.size(); ++i) {
    const QChar c = text[i];
    if (!quote.isNull()) {
      if (c == '\\' && quote == '"')
        ++i;
      else if (c == quote)
        quote = QChar();
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#') {
      return i;
    }
  }
  return static_cast<int>(text.size());
}

QColor shade(const char* light, const char* dark) { return QColor(is_dark() ? dark : light); }

}  // namespace

void TomlHighlighter::highlightBlock(const QString& text) {
  const int comment = comment_begin(text);
  const auto equals = static_cast<int>(text.indexOf('='));
  QTextCharFormat bold;
  bold.setFontWeight(QFont::Bold);
  bold.setForeground(shade("#005f99", "#6cb8ec"));
  if (text.trimmed().startsWith('[')) {
    setFormat(0, comment, bold);
  } else if (equals > 0 && equals < comment) {
    setFormat(0, equals, shade("#7a3e9d", "#d7a5f0"));
    setFormat(equals + 1, comment - equals - 1, shade("#00664a", "#7fd6b4"));
  }
  setFormat(comment, static_cast<int>(text.size()) - comment, shade("#6b7280", "#8b939e"));
}

}  // namespace fleetwright::gui
