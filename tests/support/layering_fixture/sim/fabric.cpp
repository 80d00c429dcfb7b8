#include <gtest/gtest.h>  // refused: test libraries belong to tests
#include "tests/support/builders.hpp"  // refused: sim may include only models/core models profiles sim
