#include "planner/sweep/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

constexpr int wait_ms = 20'000;  // for another process that writes

[[noreturn]] void fail(sqlite3* database, const std::string& file) {
  const int code = sqlite3_extended_errcode(database);
  const int errno_of_write = sqlite3_system_errno(database);
  if ((code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE) {
    throw Error(fmt::format("cannot write to '{}': {}; what was finished before is kept", file,
                            errno_of_write == 0 ? "no room" : sqlite3_errmsg(database)));
  }
  throw Error(fmt::format("'{}': {}", file, sqlite3_errmsg(database)));
}

// What a reader may do: select, call functions, recurse; PRAGMAs only to ask.
int allow_reading(void*, int action, const char*, const char* argument, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_PRAGMA:
      return argument == nullptr ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

}  // namespace

SqlStatement::SqlStatement(sqlite3* database, sqlite3_stmt* statement, std::string file)
    : database_(database), statement_(statement, &sqlite3_finalize), file_(std::move(file)) {}

SqlStatement& SqlStatement::bind(int parameter, std::string_view text) {
  if (sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT,
                          SQLITE_UTF8) != SQLITE_OK) {
    fail(database_, file_);
  }
  return *this;
}

SqlStatement& SqlStatement::bind(int parameter, std::int64_t number) {
  if (sqlite3_bind_int64(statement_.get(), parameter, number) != SQLITE_OK) fail(database_, file_);
  return *this;
}

SqlStatement& SqlStatement::bind_real(int parameter, double number) {
  if (sqlite3_bind_double(statement_.get(), parameter, number) != SQLITE_OK) {
    fail(database_, file_);
  }
  return *this;
}

SqlStatement& SqlStatement::bind_bytes(int parameter, std::string_view bytes) {
  if (sqlite3_bind_blob64(statement_.get(), parameter, bytes.data(), bytes.size(),
                          SQLITE_TRANSIENT) != SQLITE_OK) {
    fail(database_, file_);
  }
  return *this;
}

SqlStatement& SqlStatement::bind_null(int parameter) {
  if (sqlite3_bind_null(statement_.get(), parameter) != SQLITE_OK) fail(database_, file_);
  return *this;
}

bool SqlStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(database_, file_);
  return false;
}

void SqlStatement::run() {
  while (step()) {
  }
  reset();
}

void SqlStatement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

int SqlStatement::columns() const { return sqlite3_column_count(statement_.get()); }

std::string SqlStatement::column_name(int column) const {
  return sqlite3_column_name(statement_.get(), column);
}

bool SqlStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

bool SqlStatement::is_number(int column) const {
  const int type = sqlite3_column_type(statement_.get(), column);
  return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

double SqlStatement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string SqlStatement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  if (data == nullptr) return "";
  return {static_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string SqlStatement::text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return "";
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {reinterpret_cast<const char*>(text), size};
}

std::int64_t SqlStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

bool SqlStatement::reads_only() const { return sqlite3_stmt_readonly(statement_.get()) != 0; }

SqlDatabase::SqlDatabase(const std::filesystem::path& file, Mode mode)
    : file_(file.string()), database_(nullptr, &sqlite3_close) {
  const int flags =
      mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
  database_.reset(opened);
  if (code != SQLITE_OK) {
    throw Error(fmt::format("cannot open '{}': {}", file_, sqlite3_errstr(code)));
  }
  sqlite3_busy_timeout(opened, wait_ms);
  sqlite3_extended_result_codes(opened, 1);
}

void SqlDatabase::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(database_.get(), file_);
  }
}

SqlStatement SqlDatabase::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &statement,
                         &rest) != SQLITE_OK) {
    fail(database_.get(), file_);
  }
  SqlStatement prepared(database_.get(), statement, file_);
  const std::string_view left = sql.substr(static_cast<std::size_t>(rest - sql.data()));
  if (statement == nullptr || left.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    throw Error("one SQL statement is needed, and no more");
  }
  return prepared;
}

std::int64_t SqlDatabase::integer(std::string_view sql) {
  SqlStatement statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::int64_t SqlDatabase::last_row() const { return sqlite3_last_insert_rowid(database_.get()); }

void SqlDatabase::restrict_to_reading() {
  execute("PRAGMA query_only = ON");
  sqlite3_set_authorizer(database_.get(), &allow_reading, nullptr);
}

SqlTransaction::SqlTransaction(SqlDatabase& database) : database_(&database) {
  database.execute("BEGIN IMMEDIATE");
}

SqlTransaction::~SqlTransaction() {
  if (!open_) return;
  try {
    database_->execute("ROLLBACK");
  } catch (const Error&) {
    // SQLite has rolled back by itself, as on a full disk.
  }
}

void SqlTransaction::commit() {
  database_->execute("COMMIT");
  open_ = false;
}

}  // namespace fleetwright
