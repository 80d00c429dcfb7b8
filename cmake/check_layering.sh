#!/usr/bin/env bash
# Refuses #include lines that go against the layers. Usage: check_layering.sh SOURCE_ROOT
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$1"

folders=()
for folder in models profiles sim planner gui tests; do
  if [[ -d $folder ]]; then folders+=("$folder"); fi
done
if ((${#folders[@]} == 0)); then
  echo "layering: no source folder in $1" >&2
  exit 1
fi

# The fixture of this check's own test is wrong on purpose.
find "${folders[@]}" -path tests/support/layering_fixture -prune -o \
  -type f \( -name '*.hpp' -o -name '*.cpp' -o -name '*.h' -o -name '*.cu' -o -name '*.cuh' \) \
  -print | sort | awk -f "$here/check_layering.awk"
