#!/usr/bin/env bash
# Refuses source files of more than 400 lines. Usage: check_file_size.sh SOURCE_ROOT
set -euo pipefail
export LC_ALL=C

limit=400
cd "$1"
folders=()
for folder in models profiles sim planner gui tests; do
  if [[ -d $folder ]]; then folders+=("$folder"); fi
done
if ((${#folders[@]} == 0)); then
  echo "file size: no source folder in $1" >&2
  exit 1
fi

find "${folders[@]}" -type f \
  \( -name '*.hpp' -o -name '*.cpp' -o -name '*.h' -o -name '*.cu' -o -name '*.cuh' \) |
  sort | awk -v limit="$limit" '
  {
    lines = 0
    while ((getline unused < $0) > 0) lines++
    close($0)
    if (lines > limit) {
      printf "%s:%d: a source file has at most %d lines; split it\n", $0, lines, limit
      complaints++
    }
    files++
  }
  END {
    if (complaints) exit 1
    printf "file size: %d files of at most %d lines\n", files, limit
  }'
