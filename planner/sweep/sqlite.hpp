#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace fleetwright {

/// A prepared statement of SQLite; positions count from 1 for parameters, from 0 for columns.
class SqlStatement {
 public:
  SqlStatement& bind(int parameter, std::string_view text);
  SqlStatement& bind(int parameter, std::int64_t number);
  SqlStatement& bind_real(int parameter, double number);
  SqlStatement& bind_bytes(int parameter, std::string_view bytes);
  SqlStatement& bind_null(int parameter);

  /// True while there is a row. Throws Error.
  bool step();
  /// Runs to the end and is ready to run again.
  void run();
  void reset();

  [[nodiscard]] int columns() const;
  [[nodiscard]] std::string column_name(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_number(int column) const;
  [[nodiscard]] std::string text(int column) const;  // "" of null
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string bytes(int column) const;
  [[nodiscard]] bool reads_only() const;

 private:
  friend class SqlDatabase;
  SqlStatement(sqlite3* database, sqlite3_stmt* statement, std::string file);

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_;
  std::string file_;
};

/// A database file. Every failure is an Error that names the file; a full disk says so.
class SqlDatabase {
 public:
  enum class Mode { read_only, read_write_create };
  SqlDatabase(const std::filesystem::path& file, Mode mode);

  /// One statement or several, without results.
  void execute(const std::string& sql);
  /// One statement; text after it is an Error.
  [[nodiscard]] SqlStatement prepare(std::string_view sql);
  [[nodiscard]] std::int64_t integer(std::string_view sql);
  [[nodiscard]] std::int64_t last_row() const;
  /// From now on only reading, and of this file alone: no ATTACH, no PRAGMA that sets anything.
  void restrict_to_reading();
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;
};

/// Everything until commit() is done whole or not at all.
class SqlTransaction {
 public:
  explicit SqlTransaction(SqlDatabase& database);
  SqlTransaction(const SqlTransaction&) = delete;
  SqlTransaction& operator=(const SqlTransaction&) = delete;
  ~SqlTransaction();
  void commit();

 private:
  SqlDatabase* database_;
  bool open_ = true;
};

}  // namespace fleetwright
