#include "gui/report_file.hpp"

#include <QPageLayout>
#include <QPainter>
#include <QPdfWriter>
#include <algorithm>
#include <numeric>

#include "gui/chart_page.hpp"
#include "gui/models/snapshot.hpp"
#include "gui/page.hpp"

namespace fleetwright::gui {
namespace {

constexpr int dots_per_inch = 150;
constexpr double margin_mm = 15;

/// Lays text, pictures and tables out from the top of a sheet to its foot, and on to the next.
class Sheet {
 public:
  explicit Sheet(QPdfWriter& writer) : writer_(writer), painter_(&writer) {
    painter_.setPen(Qt::black);
  }

  [[nodiscard]] bool good() const { return painter_.isActive(); }

  void next() {
    writer_.newPage();
    top_ = 0;
  }

  void text(const QString& words, double points, bool bold) {
    if (words.isEmpty()) return;
    painter_.setFont(font(points, bold));
    const QRect room(0, top_, width(), height() - top_);
    QRect used;
    painter_.drawText(room, Qt::TextWordWrap, words, &used);
    top_ = used.bottom() + line() / 2;
  }

  void picture(Page& page) {
    const QSize size = page.picture_size();
    if (size.isEmpty()) return;
    const double scale =
        std::min(static_cast<double>(width()) / size.width(), 0.4 * height() / size.height());
    painter_.save();
    painter_.translate(0, top_);
    painter_.scale(scale, scale);
    page.paint_picture(painter_, size);
    painter_.restore();
    top_ += static_cast<int>(scale * size.height()) + line();
  }

  void table(const TableData& table) {
    painter_.setFont(font(7.5, false));
    share_width(table);
    row_of(table, nullptr);
    for (const auto& row : table.rows) {
      if (top_ + line() > height()) {
        next();
        row_of(table, nullptr);
      }
      row_of(table, &row);
    }
  }

 private:
  [[nodiscard]] int width() const { return painter_.viewport().width(); }
  [[nodiscard]] int height() const { return painter_.viewport().height(); }
  [[nodiscard]] int line() const { return painter_.fontMetrics().height() * 5 / 4; }

  static QFont font(double points, bool bold) {
    QFont font("DejaVu Sans");
    font.setPointSizeF(points);
    font.setBold(bold);
    return font;
  }

  // Columns share the width as their longest texts do; a long source leaves room for the others.
  void share_width(const TableData& table) {
    constexpr qsizetype longest = 60;
    std::vector<qsizetype> lengths;
    for (int c = 0; c < table.columns.size(); ++c) {
      qsizetype length = table.columns[c].size();
      for (const auto& row : table.rows) {
        length = std::max(length, row[static_cast<std::size_t>(c)].text.size());
      }
      lengths.push_back(std::clamp<qsizetype>(length + 4, 8, longest));
    }
    const auto sum = std::accumulate(lengths.begin(), lengths.end(), qsizetype{0});
    widths_.clear();
    for (const qsizetype length : lengths) {
      widths_.push_back(static_cast<int>(width() * length / std::max<qsizetype>(sum, 1)));
    }
  }

  // Null draws the head.
  void row_of(const TableData& table, const std::vector<Cell>* row) {
    const auto columns = static_cast<int>(table.columns.size());
    QFont face = painter_.font();
    face.setBold(row == nullptr);
    painter_.setFont(face);
    int left = 0;
    for (int c = 0; c < columns; ++c) {
      const auto index = static_cast<std::size_t>(c);
      const int room = widths_[index];
      const QString words = row == nullptr ? table.columns[c] : (*row)[index].text;
      painter_.drawText(QRect(left, top_, room, line()), Qt::AlignLeft | Qt::AlignVCenter,
                        painter_.fontMetrics().elidedText(words, Qt::ElideRight, room - room / 20));
      left += room;
    }
    top_ += line();
    if (row == nullptr) painter_.drawLine(0, top_, width(), top_);
  }

  QPdfWriter& writer_;
  QPainter painter_;
  std::vector<int> widths_;
  int top_ = 0;
};

}  // namespace

HtmlReport::HtmlReport(QObject* parent) : QObject(parent) {
  connect(&child_, &ChildProcess::finished, this, [this](const ChildOutcome& outcome) {
    emit written(file_,
                 outcome.failure.isEmpty() ? QString() : outcome.failure + " " + outcome.messages);
  });
}

void HtmlReport::write(const Run& run, const QString& file, HtmlKind kind) {
  if (child_.running()) return;
  if (run.of_sweep) {
    emit written(file,
                 tr("This is a case of a sweep, without its scenario: open that and run it."));
    return;
  }
  file_ = file;
  // The snapshot of an earlier session is gone; its text is not.
  QString error;
  const QString scenario = write_snapshot(folder_.path(), run.origin, run.text, error);
  if (scenario.isEmpty()) {
    emit written(file, error);
    return;
  }
  const QString command = kind == HtmlKind::board         ? "cost"
                          : run.mode == RunMode::simulate ? "simulate"
                                                          : "estimate";
  QStringList arguments{command, scenario, "--format", "html", "--output", file};
  if (run.mode == RunMode::estimate)
    arguments << "--engine"
              << "analytic";
  child_.start(fleetwright_program(), arguments);
}

bool write_pdf(const QString& title, const std::vector<Page*>& pages, const QString& file,
               QString& error) {
  QPdfWriter writer(file);
  writer.setTitle(title);
  writer.setCreator("fleetwright");
  writer.setResolution(dots_per_inch);
  writer.setPageSize(QPageSize(QPageSize::A4));
  writer.setPageMargins(QMarginsF(margin_mm, margin_mm, margin_mm, margin_mm),
                        QPageLayout::Millimeter);
  Sheet sheet(writer);
  if (!sheet.good()) {
    error = QObject::tr("%1 cannot be written.").arg(file);
    return false;
  }
  sheet.text(title, 16, true);
  bool first = true;
  for (Page* page : pages) {
    if (page->table().rows.empty()) continue;
    if (!first) sheet.next();
    first = false;
    sheet.text(page->objectName(), 13, true);
    sheet.text(page->answer_text(), 9, false);
    const auto* chart = qobject_cast<const ChartPage*>(page);
    if (chart == nullptr || chart->has_drawing()) sheet.picture(*page);
    sheet.table(page->table());
  }
  return true;
}

}  // namespace fleetwright::gui
