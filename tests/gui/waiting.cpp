#include "tests/gui/waiting.hpp"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QThread>

namespace fleetwright::testing {

bool wait_until(const std::function<bool()>& ready) {
  constexpr int most_ms = 120000;
  QElapsedTimer clock;
  clock.start();
  while (!ready() && clock.elapsed() < most_ms) {
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    QThread::msleep(2);
  }
  return ready();
}

QString source_text(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString slow_scenario() {
  QString text = source_text("scenarios/deepseek-v3-variation.toml");
  text.replace("accelerators = 2048", "accelerators = 65536");
  text.replace("\"multi-plane-fat-tree\"", "\"multi-plane-fat-tree\"\nswitch_ports = 256");
  text.replace("dp = 128", "dp = 4096");
  text.replace("global_batch = 15_360", "global_batch = 491_520");
  return text;
}

}  // namespace fleetwright::testing
