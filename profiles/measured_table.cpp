#include "profiles/measured_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "models/core/csv_table.hpp"
#include "models/core/text_file.hpp"
#include "profiles/operator_columns.hpp"

namespace fleetwright {
namespace {

constexpr std::string_view schema = "fleetwright-measurements/1";
constexpr std::string_view session_word = "session";

// The words of a session's notes and where each is kept.
constexpr std::array<std::pair<std::string_view, std::string MeasuringSession::*>, 8> facts{{
    {"gpu", &MeasuringSession::gpu},
    {"driver", &MeasuringSession::driver},
    {"cuda", &MeasuringSession::cuda},
    {"cupti", &MeasuringSession::cupti},
    {"counters", &MeasuringSession::counters},
    {"date", &MeasuringSession::date},
    {"revision", &MeasuringSession::revision},
    {"command", &MeasuringSession::command},
}};

const std::vector<std::string> result_columns{"library",         "sms",
                                              "time_us",         "p10_us",
                                              "p90_us",          "samples",
                                              "hot_us",          "event_us",
                                              "clock_mhz",       "flop",
                                              "bytes",           "tensor_percent",
                                              "dram_read_bytes", "dram_written_bytes"};

std::string number(double value) { return fmt::format("{:.6g}", value); }
std::string microseconds(Seconds time) { return number(time.si() * 1e6); }

[[noreturn]] void fail(SourceLocation where, std::string message) {
  throw ScenarioError({{std::move(where), std::move(message), ""}});
}

/// Goes through the notes of a table as its rows are read.
class Sessions {
 public:
  Sessions(const CsvTable& table, const std::string& file) : notes_(table.notes()), file_(file) {
    if (notes_.empty() || notes_[0].text != schema) {
      fail({file, 1, 1}, fmt::format("a table of measurements begins with '# {}'", schema));
    }
  }

  /// The session that a row at `line` belongs to.
  std::size_t at(int line, std::vector<MeasuringSession>& sessions) {
    while (next_ < notes_.size() && notes_[next_].line < line) read(notes_[next_++], sessions);
    if (sessions.empty()) fail({file_, line, 1}, "the row stands before any '# session'");
    return sessions.size() - 1;
  }

 private:
  void read(const CsvTable::Note& note, std::vector<MeasuringSession>& sessions) const {
    if (note.text == session_word) {
      sessions.emplace_back();
      return;
    }
    const std::size_t colon = note.text.find(": ");
    if (colon == std::string::npos || sessions.empty()) return;  // a remark
    const std::string_view word(note.text.data(), colon);
    const auto fact = std::ranges::find(facts, word, [](const auto& f) { return f.first; });
    if (fact == facts.end()) return;
    sessions.back().*(fact->second) = note.text.substr(colon + 2);
  }

  const std::vector<CsvTable::Note>& notes_;
  std::string file_;
  std::size_t next_ = 1;
};

std::optional<Seconds> optional_time(const CsvTable& table, std::size_t row,
                                     std::string_view column) {
  const auto value = table.number(row, column);
  if (!value) return std::nullopt;
  return Seconds{*value * 1e-6};
}

Seconds required_time(const CsvTable& table, std::size_t row, std::string_view column) {
  const double value = table.required_number(row, column);
  if (value <= 0) fail(table.where(row, column), fmt::format("{} must be positive", column));
  return Seconds{value * 1e-6};
}

MeasuredKernel read_row(const CsvTable& table, std::size_t row) {
  MeasuredKernel k;
  k.kernel = table.text(row, "kernel");
  k.op = operator_of(table, row);
  k.library = table.text(row, "library");
  k.sms = table.required_number(row, "sms");
  if (k.sms <= 0) fail(table.where(row, "sms"), "sms must be positive");
  k.median = required_time(table, row, "time_us");
  k.p10 = required_time(table, row, "p10_us");
  k.p90 = required_time(table, row, "p90_us");
  k.samples = table.required_count(row, "samples");
  k.hot = optional_time(table, row, "hot_us");
  k.event = optional_time(table, row, "event_us");
  if (const auto clock = table.number(row, "clock_mhz")) k.clock = Hertz{*clock * 1e6};
  if (const auto percent = table.number(row, "tensor_percent")) {
    k.counters = KernelCounters{*percent, Bytes{table.required_number(row, "dram_read_bytes")},
                                Bytes{table.required_number(row, "dram_written_bytes")}};
  }
  return k;
}

}  // namespace

MeasuredTable parse_measured_table(std::string_view text, const std::string& file) {
  const CsvTable csv = CsvTable::parse(text, file);
  MeasuredTable table;
  Sessions sessions(csv, file);
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    MeasuredKernel kernel = read_row(csv, row);
    kernel.session = sessions.at(csv.where(row, "kernel").line, table.sessions);
    table.kernels.push_back(std::move(kernel));
  }
  return table;
}

MeasuredTable read_measured_table(const std::filesystem::path& file) {
  return parse_measured_table(read_text_file(file), file.string());
}

std::string measured_header() {
  return fmt::format("# {}\n{},{}\n", schema, fmt::join(operator_columns(), ","),
                     fmt::join(result_columns, ","));
}

std::string session_notes(const MeasuringSession& session) {
  std::string notes = fmt::format("# {}\n", session_word);
  for (const auto& [word, fact] : facts) {
    std::string value = session.*fact;
    std::ranges::replace(value, '\n', ' ');
    notes += fmt::format("# {}: {}\n", word, value);
  }
  return notes;
}

std::string measured_row(const MeasuredKernel& k) {
  std::vector<std::string> cells(operator_columns().size());
  if (k.op) {
    cells = operator_cells(*k.op);
  } else {
    cells[0] = k.kernel;
  }
  const auto time = [](const std::optional<Seconds>& t) { return t ? microseconds(*t) : ""; };
  std::vector<std::string> results{k.library,
                                   number(k.sms),
                                   microseconds(k.median),
                                   microseconds(k.p10),
                                   microseconds(k.p90),
                                   fmt::format("{}", k.samples),
                                   time(k.hot),
                                   time(k.event),
                                   k.clock ? number(k.clock->si() / 1e6) : "",
                                   k.op ? number(flop(*k.op).si()) : "",
                                   k.op ? number(bytes(*k.op).si()) : "",
                                   k.counters ? number(k.counters->tensor_percent) : "",
                                   k.counters ? number(k.counters->dram_read.si()) : "",
                                   k.counters ? number(k.counters->dram_written.si()) : ""};
  return fmt::format("{},{}\n", fmt::join(cells, ","), fmt::join(results, ","));
}

}  // namespace fleetwright
