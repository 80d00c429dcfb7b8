#!/usr/bin/env bash
# Proves that check_layering.sh can fail. Usage: check_layering_guard.sh FIXTURE_TREE
# In the fixture tree a line that must be refused ends in "// refused: <rule>"; any other line must
# pass. What the check prints has to be exactly that.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fixture=$1
cd "$fixture"

expected=$(grep -rn '// refused: ' --include='*.[ch]pp' . |
  sed -E 's|^\./||; s|^([^:]+:[0-9]+):.*// refused: (.*)$|\1: \2|' | sort)
if [[ -z $expected ]]; then
  echo "layering guard: the fixture $fixture refuses nothing" >&2
  exit 1
fi

status=0
output=$("$here/check_layering.sh" .) || status=$?
# Each finding is file:line: "include": rule; the fixture names the rule alone.
findings=$(grep -E '^[^:]+:[0-9]+: ' <<<"$output" |
  sed -E 's/^([^:]+:[0-9]+): ("[^"]*"|<[^>]*>): /\1: /' | sort)

if ((status == 0)); then
  echo "layering guard: the check accepted forbidden includes" >&2
  exit 1
fi
if ! diff -u --label expected <(echo "$expected") --label found <(echo "$findings"); then
  echo "layering guard: the findings differ from what the fixture expects" >&2
  exit 1
fi
echo "layering guard: $(wc -l <<<"$expected") forbidden includes refused"
