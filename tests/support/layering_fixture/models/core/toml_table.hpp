#include <fmt/format.h>
#include <toml++/toml.h>  // refused: toml++ belongs to models/core/*.cpp
#include <nlohmann/json.hpp>  // refused: nlohmann_json belongs to .cpp files of models, planner and tests
