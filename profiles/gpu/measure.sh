#!/usr/bin/env bash
# Measures all that profiles/gpu/README.md lists, on a machine with a GPU, part by part.
#
#   profiles/gpu/measure.sh PART [OUTPUT]
#
# Parts, in this order, each under ten minutes: ceilings check hopper v3 decode grid-products
# grid-rest counters overlap sanitize. OUTPUT (by default profiles/data/measured) is the folder of tables; a part that was cut
# short goes on when it is called again. The program is $FLEETWRIGHT_PROFILE, by default
# build/release/bin/fleetwright-profile: it needs nothing that a bare machine lacks but the driver;
# cuBLASLt, cuDNN and CUPTI are looked for where the CUDA toolkit or Python packages put them.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
export FLEETWRIGHT_DATA=${FLEETWRIGHT_DATA:-$root}
program=${FLEETWRIGHT_PROFILE:-$root/build/release/bin/fleetwright-profile}
part=${1:?the part: ceilings check hopper v3 decode grid-products grid-rest counters overlap sanitize}
output=${2:-$root/profiles/data/measured}
budget=540

measure() { "$program" --output "$output" --budget "$budget" "$@"; }

# The kernels for Hopper: hangs are ended, so that the next one is still looked at.
hopper() {
  local kernel failed=0
  for kernel in '^fleetwright.gemm$' '^fleetwright.attention_forward$' '^fleetwright.attention_backward$' \
    '^fleetwright.attention_decode$'; do
    timeout 120 "$program" --check --filter "$kernel" --seed 1 || { echo "measure.sh: $kernel: exit code $?" >&2; failed=1; }
  done
  return $failed
}

# One small shape of each kind of ours under the memory and race checkers of the CUDA toolkit.
sanitize() {
  local checker
  checker=$(command -v compute-sanitizer || ls /usr/local/cuda*/bin/compute-sanitizer 2>/dev/null | head -n 1) ||
    { echo "measure.sh: compute-sanitizer is not here: a gap" >&2; return 1; }
  for tool in memcheck racecheck; do
    "$checker" --tool "$tool" --error-exitcode 1 "$program" --check --filter '^fleetwright' --seed 1
  done
}

case $part in
  ceilings) measure --suite ceilings ;;
  check) "$program" --check ;;
  hopper) hopper ;;
  overlap) "$program" --overlap ;;
  v3) measure --suite v3 --counters off ;;
  decode) measure --suite decode --counters off ;;
  grid-products) measure --suite grid --counters off --filter '(gemm|attention)' ;;
  grid-rest) measure --suite grid --counters off --filter '^fleetwright' ;;
  counters) measure --suite v3 --counters full ;;
  sanitize) sanitize ;;
  *) echo "measure.sh: no such part: $part" >&2; exit 2 ;;
esac
