#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include "gui/main_window.hpp"
#include "sim/simgrid/engine.hpp"
#include "tests/support/builders.hpp"
