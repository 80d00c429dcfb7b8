# Reads file names (relative to the source root) and prints "file:line: rule" for each #include
# that goes against the layers. Exits 1 when there was one. cmake/FleetwrightLayers.cmake holds the
# same table for libraries.

function layer_of(path) {
  if (path ~ /^models\/core\//) return "models/core"
  if (path ~ /^profiles\/gpu\//) return "profiles/gpu"
  if (path ~ /^sim\/simgrid\//) return "sim/simgrid"
  if (path ~ /^planner\/cli\//) return "planner/cli"
  if (path ~ /^gui\/models\//) return "gui/models"
  if (path ~ /^(models|profiles|sim|planner|gui|tests)\//) {
    sub(/\/.*/, "", path)
    return path
  }
  return ""
}

# `pattern` is what the rule is about, `where` (on "layer|file") who alone may include it.
function external(pattern, where, rule) {
  patterns[++externals] = pattern
  places[externals] = where
  rules[externals] = rule
}

function complain(rule) {
  printf "%s:%d: %s\n", file, line_number, rule
  complaints++
}

function check(name, quoted,    i, target) {
  for (i = 1; i <= externals; i++) {
    if (name ~ patterns[i]) {
      if (layer "|" file !~ places[i]) complain("<" name ">: " rules[i])
      return
    }
  }
  target = layer_of(name)
  if (target == "") {
    if (quoted && !(file ~ /^(gui|tests\/gui)\// && name ~ /^(ui_.*\.h|.*\.moc)$/))
      complain("\"" name "\": includes are written from the root of the source tree")
    return
  }
  if (layer == "tests" || index(uses[layer], " " target " ")) return
  if (target == "sim/simgrid")
    complain("\"" name "\": only planner/cli, sim/simgrid and tests may include sim/simgrid")
  else
    complain("\"" name "\": " layer " may include only" substr(uses[layer], 1, length(uses[layer]) - 1))
}

BEGIN {
  uses["models/core"] = " models/core "
  uses["models"] = uses["models/core"] "models "
  uses["profiles"] = uses["models"] "profiles "
  uses["profiles/gpu"] = uses["profiles"] "profiles/gpu "
  uses["sim"] = uses["profiles"] "sim "
  uses["sim/simgrid"] = uses["sim"] "sim/simgrid "
  uses["planner"] = uses["sim"] "planner "
  uses["planner/cli"] = uses["planner"] "sim/simgrid planner/cli "
  uses["gui/models"] = uses["models/core"] "gui/models "
  uses["gui"] = uses["planner"] "gui gui/models "

  external("^(simgrid|xbt|smpi)/", "^sim/simgrid[|]", "SimGrid belongs to sim/simgrid")
  external("^toml\\+\\+/", "^models/core[|].*[.]cpp$", "toml++ belongs to models/core/*.cpp")
  external("^nlohmann/", "^(models|planner|planner/cli|tests)[|].*[.]cpp$",
           "nlohmann_json belongs to .cpp files of models, planner and tests")
  external("^boost/", "^(models|sim|sim/simgrid|tests)[|].*[.]cpp$",
           "Boost belongs to .cpp files of models, sim and tests")
  external("^sqlite3", "^planner[|].*[.]cpp$", "SQLite belongs to .cpp files of planner")
  external("^openssl/", "^planner[|].*[.]cpp$", "OpenSSL belongs to .cpp files of planner")
  external("^CLI/", "^(planner/cli|profiles/gpu)[|]", "CLI11 belongs to planner/cli and profiles/gpu")
  external("^mpi[.]h$", "^planner/cli[|]", "MPI belongs to planner/cli")
  external("^(Q[A-Z][A-Za-z0-9]*(/|$)|q[a-z]+[.]h$)", "^(gui(/models)?[|]|tests[|]tests/gui/)",
           "Qt belongs to gui")
  external("^(cuda|cublas|cudnn|cupti|nvml|nvperf|nvtx|nvrtc|nccl|mma[.]h)",
           "^(profiles/gpu[|]|tests[|]tests/gpu/)", "CUDA belongs to profiles/gpu")
  external("^(gtest|gmock|rapidcheck|benchmark)(/|[.]h)", "^tests[|]",
           "test libraries belong to tests")
}

{
  file = $0
  layer = layer_of(file)
  line_number = 0
  while ((status = (getline text < file)) > 0) {
    line_number++
    if (text !~ /^[ \t]*#[ \t]*include[ \t]*["<]/) continue
    quoted = text ~ /^[^<]*"/
    sub(/^[^"<]*["<]/, "", text)
    sub(/[">].*/, "", text)
    check(text, quoted)
  }
  if (status < 0) {
    print file ": cannot be read"
    complaints++
  }
  close(file)
  files++
}

END {
  if (complaints) {
    printf "layering: %d of the includes of %d files go against the layers\n", complaints, files
    exit 1
  }
  printf "layering: %d files keep to the layers\n", files
}
