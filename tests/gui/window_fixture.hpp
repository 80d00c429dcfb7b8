#pragma once

#include <gtest/gtest.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "gui/main_window.hpp"
#include "gui/scenario_page.hpp"
#include "tests/gui/waiting.hpp"

namespace fleetwright::gui {

/// A window with a state folder of its own and a copy of a shipped scenario.
class WindowFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    scenario_ = folder_.filePath("deepseek-v3.toml");
    ASSERT_TRUE(QFile::copy("scenarios/deepseek-v3.toml", scenario_));
    QFile(scenario_).setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    window_ = std::make_unique<MainWindow>(folder_.filePath("state"));
    QObject::connect(&window_->scenario(), &ScenarioPage::checked, window_.get(),
                     [this](bool good) {
                       ++checks_;
                       good_ = good;
                     });
    window_->show();
    window_->activateWindow();  // keys go there, with a window manager or without
    ASSERT_TRUE(QTest::qWaitForWindowActive(window_.get()));
  }

  void open() {
    ASSERT_TRUE(window_->open(scenario_));
    wait_for_check();
  }

  void wait_for_check() const {
    const int before = checks_;
    ASSERT_TRUE(testing::wait_until([&] { return checks_ > before; }));
  }

  const gui::Run& run(RunMode mode = RunMode::estimate) {
    const int id = window_->run(mode);
    EXPECT_TRUE(testing::wait_until([&] { return window_->queue().idle(); }));
    return *window_->queue().find(id);
  }

  Page& page(const QString& name) {
    window_->show_page(name);
    return window_->current_page();
  }

  QTemporaryDir folder_;
  QString scenario_;
  std::unique_ptr<MainWindow> window_;
  int checks_ = 0;
  bool good_ = false;
};

}  // namespace fleetwright::gui
