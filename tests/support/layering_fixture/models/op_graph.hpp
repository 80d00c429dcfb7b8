#include <vector>
#include <boost/graph/adjacency_list.hpp>  // refused: Boost belongs to .cpp files of models, sim and tests
#include "models/core/quantity.hpp"
#include "sim/fabric.hpp"  // refused: models may include only models/core models
  #  include "profiles/link.hpp"  // refused: models may include only models/core models
// #include "sim/fabric.hpp"
#include "operators.hpp"  // refused: includes are written from the root of the source tree
#include "../sim/fabric.hpp"  // refused: includes are written from the root of the source tree
