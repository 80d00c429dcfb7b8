#include "gui/models/export_calendar.hpp"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <set>

#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

struct Verdict {
  const char* id;
  const char* text;
  Tone tone;
};

constexpr Verdict verdicts[] = {{"free", "free", Tone::good},
                                {"notification", "notify", Tone::mild},
                                {"duty", "free, with duty", Tone::mild},
                                {"case by case", "case by case", Tone::careful},
                                {"licence", "licence", Tone::careful},
                                {"denial", "refused", Tone::bad}};

Cell verdict_cell(const QJsonObject& part) {
  const QString id = part["verdict"].toString();
  const auto* known =
      std::ranges::find_if(verdicts, [&](const Verdict& v) { return id == QLatin1String(v.id); });
  Cell shown = known == std::end(verdicts) ? cell(id) : cell(words(known->text));
  shown.tone = known == std::end(verdicts) ? Tone::plain : known->tone;
  if (part["duty"].toBool() && id != "duty") shown.text += words(" + duty");
  return shown;
}

// Two days are alike where every part has the same answer.
bool alike(const QJsonArray& a, const QJsonArray& b) {
  return std::ranges::equal(a, b, [](const QJsonValue& x, const QJsonValue& y) {
    return x["part"] == y["part"] && x["verdict"] == y["verdict"] && x["duty"] == y["duty"];
  });
}

}  // namespace

ExportCalendar::ExportCalendar(QObject* parent) : QObject(parent) {
  connect(&child_, &ChildProcess::finished, this, &ExportCalendar::take);
}

void ExportCalendar::ask(const QString& destination) {
  destination_ = destination;
  again_ = child_.running();
  asking_ = true;
  if (again_) {
    child_.cancel();
    return;
  }
  known_.clear();
  days_.clear();
  wanted_.clear();
  asked_ = {};
  emit progressed(words("Reading the export rules…"));
  child_.start(fleetwright_program(), {"list", "rules", "--format", "json"});
}

void ExportCalendar::take(const ChildOutcome& outcome) {
  if (again_) {
    ask(destination_);
  } else if (!outcome.failure.isEmpty()) {
    end(outcome.failure + " " + outcome.messages.trimmed());
  } else if (asked_.isNull()) {
    take_rules(outcome.output);
  } else {
    const QJsonDocument answer = QJsonDocument::fromJson(outcome.output);
    known_[asked_] = answer["parts"].toArray();
    // What rules bring after the last day that they were read for is a guess.
    const QDate last = QDate::fromString(answer["rules_known_until"].toString(), Qt::ISODate);
    std::erase_if(wanted_, [&](const QDate& day) { return day > last && day != asked_; });
    if (known_[asked_].isEmpty()) {
      end(words("The program's answer is no export check."));
    } else {
      go_on();
    }
  }
}

void ExportCalendar::take_rules(const QByteArray& output) {
  std::set<QDate> days;
  for (const QJsonValue rule : QJsonDocument::fromJson(output).array()) {
    // What never came into force changes nothing.
    if (rule["status"].toString() != "in force") continue;
    // Groups are written out; what is no code of a country is for all.
    const QStringList to = rule["destinations"].toString().split(' ');
    const bool everyone = to.isEmpty() || to[0].size() != 2;
    if (!everyone && !to.contains(destination_)) continue;
    for (const QDate& day : {QDate::fromString(rule["from"].toString(), Qt::ISODate),
                             QDate::fromString(rule["until"].toString(), Qt::ISODate).addDays(1)}) {
      if (!day.isValid()) continue;
      // The day before and the day itself: what changes between two rules is seen so.
      days.insert(day.addDays(-1));
      days.insert(day);
    }
  }
  wanted_.assign(days.begin(), days.end());
  if (wanted_.empty()) {
    end(words("The program knows no export rule for %1.").arg(destination_));
  } else {
    go_on();
  }
}

void ExportCalendar::go_on() {
  for (const QDate& day : wanted_) {
    if (known_.contains(day)) continue;
    asked_ = day;
    emit progressed(
        words("Asking what may be sold to %1 on %2…").arg(destination_, day.toString(Qt::ISODate)));
    child_.start(fleetwright_program(), {"export-check", "--destination", destination_, "--date",
                                         day.toString(Qt::ISODate), "--format", "json"});
    return;
  }
  // Where two neighbours differ and are not a day apart, the change is somewhere between them.
  for (auto at = known_.begin(); std::next(at) != known_.end(); ++at) {
    const auto next = std::next(at);
    const auto gap = at->first.daysTo(next->first);
    if (gap > 1 && !alike(at->second, next->second)) {
      wanted_.push_back(at->first.addDays(gap / 2));
      go_on();
      return;
    }
  }
  for (const auto& [day, parts] : known_) {
    if (days_.empty() || !alike(days_.back().parts, parts)) days_.push_back({day, parts});
  }
  end({});
}

void ExportCalendar::end(const QString& failure) {
  asking_ = false;
  emit finished(failure);
}

TableData calendar_table(const std::vector<ExportDay>& days, const QStringList& own) {
  TableData table;
  if (days.empty()) return table;
  table.columns << words("Accelerator");
  for (std::size_t i = 0; i < days.size(); ++i) {
    table.columns << (i == 0 && days.size() > 1
                          ? words("before %1").arg(days[1].from.toString(Qt::ISODate))
                          : days[i].from.toString(Qt::ISODate));
  }
  std::vector<std::vector<Cell>> others;
  for (qsizetype p = 0; p < days[0].parts.size(); ++p) {
    const QJsonValue part = days[0].parts[p];
    const QString id = part["part"].toString();
    const bool ours = own.contains(id);
    std::vector<Cell> row{cell((ours ? words("▸ ") : QString()) + id +
                               (part["notional"].toBool() ? words(" (not sold as such)") : ""))};
    for (const ExportDay& day : days) row.push_back(verdict_cell(day.parts[p].toObject()));
    (ours ? table.rows : others).push_back(std::move(row));
  }
  table.rows.insert(table.rows.end(), others.begin(), others.end());
  return table;
}

}  // namespace fleetwright::gui
