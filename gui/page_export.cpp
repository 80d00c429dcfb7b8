#include "gui/page_export.hpp"

#include <QBuffer>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

#include "gui/models/table_model.hpp"
#include "gui/page.hpp"

namespace fleetwright::gui {
namespace {

// Pictures are for documents: twice the screen's resolution.
constexpr int scale = 2;

bool save(const QString& name, const QByteArray& bytes, QString& error) {
  QSaveFile file(name);
  if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) {
    return true;
  }
  error = Page::tr("%1 cannot be written: %2").arg(name, file.errorString());
  return false;
}

bool save_png(Page& page, const QString& name, QString& error) {
  const QSize size = page.picture_size();
  QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(scale);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  page.paint_picture(painter, size);
  painter.end();
  if (image.save(name, "PNG")) return true;
  error = Page::tr("%1 cannot be written.").arg(name);
  return false;
}

bool save_svg(Page& page, const QString& name, QString& error) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  QSvgGenerator svg;
  svg.setOutputDevice(&buffer);
  svg.setSize(page.picture_size());
  svg.setViewBox(QRect(QPoint(0, 0), page.picture_size()));
  svg.setTitle(page.objectName());
  QPainter painter(&svg);
  page.paint_picture(painter, page.picture_size());
  painter.end();
  return save(name, bytes, error);
}

}  // namespace

bool export_page(Page& page, const QString& file, QString& error) {
  const QString ending = QFileInfo(file).suffix().toLower();
  if (ending == "png") return save_png(page, file, error);
  if (ending == "svg") return save_svg(page, file, error);
  if (ending == "csv") {
    if (page.table().rows.empty()) {
      error = Page::tr("This page has no table.");
      return false;
    }
    return save(file, csv_text(page.table()).toUtf8(), error);
  }
  error = Page::tr("Pages are exported as .png, .svg or .csv, not as .%1.").arg(ending);
  return false;
}

}  // namespace fleetwright::gui
