#pragma once

#include <QSyntaxHighlighter>

namespace fleetwright::gui {

/// Colours tables, keys, strings and comments of TOML.
class TomlHighlighter : public QSyntaxHighlighter {
  Q_OBJECT

 public:
  using QSyntaxHighlighter::QSyntaxHighlighter;

 protected:
  void highlightBlock(const QString& text) override;
};

}  // namespace fleetwright::gui
