#include <cuda_runtime.h>
#include "profiles/link.hpp"
#include "planner/scenario.hpp"  // refused: profiles/gpu may include only models/core models profiles profiles/gpu
