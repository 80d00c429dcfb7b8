#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/fill.cu"
