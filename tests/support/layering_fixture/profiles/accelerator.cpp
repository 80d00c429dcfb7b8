#include "models/operators.hpp"
#include "profiles/accelerator.hpp"
#include "profiles/gpu/bench.hpp"  // refused: profiles may include only models/core models profiles
