#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/diagnostics.hpp"

namespace fleetwright {

/// A CSV file in memory (RFC 4180: quotes, doubled quotes, line breaks inside quotes), first line
/// the header. A row that begins with '#' is a note, wherever it stands. Errors are located: file,
/// line, column of the cell's first character.
class CsvTable {
 public:
  struct Note {
    std::string text;  // without the '#' and the spaces around
    int line = 0;
  };

  /// Throws ScenarioError (ragged row, open quote, double header) and Error (unreadable file).
  static CsvTable read(const std::filesystem::path& file);
  static CsvTable parse(std::string_view text, const std::string& file);
  /// As above, but rows with too many or too few cells are left out and noted in `ragged`.
  static CsvTable parse(std::string_view text, const std::string& file, Diagnostics& ragged);

  [[nodiscard]] std::size_t rows() const { return cells_.size(); }
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] bool has(std::string_view column) const;
  [[nodiscard]] const std::vector<Note>& notes() const { return notes_; }

  /// The cell's text. Throws ScenarioError if there is no such column.
  [[nodiscard]] const std::string& text(std::size_t row, std::string_view column) const;
  /// The cell as a finite number; an empty cell is nullopt. Throws ScenarioError on anything else.
  [[nodiscard]] std::optional<double> number(std::size_t row, std::string_view column) const;
  /// As above; an empty cell throws too.
  [[nodiscard]] double required_number(std::size_t row, std::string_view column) const;
  /// As above; throws on what is no whole number from 0 to 10^9 too.
  [[nodiscard]] int required_count(std::size_t row, std::string_view column) const;
  [[nodiscard]] SourceLocation where(std::size_t row, std::string_view column) const;

 private:
  struct Cell {
    std::string text;
    int line = 0;
    int column = 0;
  };

  [[nodiscard]] std::size_t index_of(std::string_view column) const;

  std::string file_;
  std::vector<std::string> columns_;
  std::vector<std::vector<Cell>> cells_;
  std::vector<Note> notes_;
};

}  // namespace fleetwright
