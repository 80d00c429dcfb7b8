#include <toml++/toml.h>
#include "models/core/toml_table.hpp"
#include "models/operators.hpp"  // refused: models/core may include only models/core
