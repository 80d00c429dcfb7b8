#include "gui/models/trace_reader.hpp"

#include <QFile>
#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>

#include "gui/models/json_scanner.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

constexpr double seconds_per_microsecond = 1e-6;

QString text_of(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

// What a rank, a layer or the like can be.
bool is_int(double number) {
  return number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max();
}

/// Words that come again and again, by number.
class Numbered {
 public:
  explicit Numbered(QStringList& words) : words_(words) {}

  int number(const std::string& word) {
    const auto [entry, is_new] = numbers_.try_emplace(word, static_cast<int>(words_.size()));
    if (is_new) words_ << QString::fromStdString(word);
    return entry->second;
  }

 private:
  QStringList& words_;
  std::unordered_map<std::string, int> numbers_;
};

/// The fields of one event that matter.
struct Event {
  char phase = ' ';
  std::string name;
  std::string category;
  double rank = 0;
  double thread = 0;
  double start = 0;
  double duration = 0;
  double stage = -1;
  double micro_batch = -1;
  double layer = -1;
  double bytes = -1;
  std::string given_name;

  void clear() {
    phase = ' ';
    name.clear();
    category.clear();
    given_name.clear();
    rank = thread = start = duration = 0;
    stage = micro_batch = layer = bytes = -1;
  }
};

class Reader {
 public:
  explicit Reader(std::string_view text)
      : json_(text), names_(trace_->names), activities_(trace_->activities) {
    // In one order in every trace, so that each has the same colour in all.
    for (const char* known :
         {"forward", "backward", "weight gradient", "overlapped", "gradient sync", "optimizer"}) {
      (void)activities_.number(known);
    }
  }

  TraceResult read() {
    bool found = false;
    const bool good = json_.sees('[') ? events(found) : json_.object([&](std::string_view key) {
      return key == "traceEvents" ? events(found) : json_.skip();
    });
    if (!good || !found) {
      return {nullptr, words("The trace cannot be read; it is wrong at byte ") +
                           QString::number(json_.position()) + "."};
    }
    finish();
    return {trace_, {}};
  }

 private:
  bool text_into(std::string& out) {
    std::string_view text;
    if (!json_.string(text)) return false;
    out = text;
    return true;
  }

  bool number_into(double& out) { return json_.sees('"') ? json_.skip() : json_.number(out); }

  bool argument(std::string_view key) {
    if (key == "stage") return number_into(event_.stage);
    if (key == "micro_batch") return number_into(event_.micro_batch);
    if (key == "layer") return number_into(event_.layer);
    if (key == "bytes") return number_into(event_.bytes);
    if (key == "name" && json_.sees('"')) return text_into(event_.given_name);
    return json_.skip();
  }

  bool field(std::string_view key) {
    if (key == "ph") {
      std::string_view phase;
      if (!json_.string(phase)) return false;
      if (!phase.empty()) event_.phase = phase[0];
      return true;
    }
    if (key == "name") return text_into(event_.name);
    if (key == "cat") return text_into(event_.category);
    if (key == "pid") return number_into(event_.rank);
    if (key == "tid") return number_into(event_.thread);
    if (key == "ts") return number_into(event_.start);
    if (key == "dur") return number_into(event_.duration);
    if (key == "args") {
      return json_.object([this](std::string_view argument_key) { return argument(argument_key); });
    }
    return json_.skip();
  }

  bool events(bool& found) {
    found = true;
    return json_.array([this] {
      event_.clear();
      if (!json_.object([this](std::string_view key) { return field(key); })) return false;
      return take();
    });
  }

  bool take() {
    for (const double number :
         {event_.rank, event_.thread, event_.stage, event_.micro_batch, event_.layer}) {
      if (!is_int(number)) return false;
    }
    const int rank = static_cast<int>(event_.rank);
    const int thread = static_cast<int>(event_.thread);
    const double start = event_.start * seconds_per_microsecond;
    if (event_.phase == 'X') {
      const double end = start + event_.duration * seconds_per_microsecond;
      lanes_[{rank, thread}].spans.push_back(
          {start, end, names_.number(event_.name), activities_.number(event_.category),
           static_cast<int>(event_.stage), static_cast<int>(event_.micro_batch),
           static_cast<int>(event_.layer)});
      trace_->end = std::max(trace_->end, end);
    } else if (event_.phase == 'C' && event_.name == "activations") {
      Counter& counter = memory_[rank];
      counter.rank = rank;
      if (counter.name.isEmpty()) counter.name = text_of(event_.name);
      counter.samples.emplace_back(start, event_.bytes);
    } else if (event_.phase == 'M' && event_.name == "thread_name") {
      lanes_[{rank, thread}].title = QString::fromStdString(event_.given_name);
    }
    return true;
  }

  void finish() {
    for (auto& [place, lane] : lanes_) {
      if (lane.spans.empty()) continue;
      lane.rank = place.first;
      lane.thread = place.second;
      if (!std::ranges::is_sorted(lane.spans, {}, &Span::start)) {
        std::ranges::stable_sort(lane.spans, {}, &Span::start);
      }
      trace_->lanes.push_back(std::move(lane));
    }
    for (auto& [rank, counter] : memory_) trace_->memory.push_back(std::move(counter));
  }

  JsonScanner json_;
  std::shared_ptr<Trace> trace_ = std::make_shared<Trace>();
  Numbered names_;
  Numbered activities_;
  Event event_;
  std::map<std::pair<int, int>, Lane> lanes_;
  std::map<int, Counter> memory_;
};

}  // namespace

TraceResult read_trace(std::string_view text) { return Reader(text).read(); }

TraceResult read_trace_file(const QString& file_name) {
  QFile file(file_name);
  if (!file.open(QIODevice::ReadOnly)) {
    return {nullptr, words("The trace cannot be read: ") + file.errorString()};
  }
  // Mapped where that works, for it is read once from front to back.
  if (const uchar* bytes = file.map(0, file.size())) {
    return read_trace(
        {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(file.size())});
  }
  const QByteArray bytes = file.readAll();
  return read_trace({bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

}  // namespace fleetwright::gui
