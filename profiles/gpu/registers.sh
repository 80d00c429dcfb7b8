#!/usr/bin/env bash
# Prints what each kernel of ours needs on an architecture (sm_90a by default), as a table: registers,
# bytes of stack, spilled and static shared memory. Needs nvcc, no GPU.
set -euo pipefail
cd "$(dirname "$0")/../.."
arch=${1:-sm_90a}
nvcc=${NVCC:-$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
echo "| source | kernel | instances | registers | stack, B | spills, B | shared, B |"
echo "|---|---|---|---|---|---|---|"
sources=(profiles/gpu/kernels/*.cu profiles/gpu/timing/*.cu)
if [ "$arch" = sm_90a ]; then sources+=(profiles/gpu/kernels/hopper/*.cu); fi
for source in "${sources[@]}"; do
  echo "SOURCE $(basename "$source" .cu)"
  "$nvcc" -std=c++20 -I. -arch="$arch" -Xptxas=-v -cubin -o "$out" "$source" 2>&1
done | c++filt | awk '
  /^SOURCE/ { source = $2 }
  /Compiling entry function/ {
    name = $0
    sub(/.*entry function .(void )?/, "", name)
    gsub(/fleetwright::gpu::(hopper::)?|\(anonymous namespace\)::/, "", name)
    sub(/. for .sm_.*/, "", name)
    sub(/[<(].*/, "", name)  # without its parameters: instances share a row
    name = source " | `" name "`"
  }
  /bytes stack frame/ { stack[name] += $1; spills[name] += $5 + $9 }
  /Used [0-9]+ registers/ {
    match($0, /Used [0-9]+/); used = substr($0, RSTART + 5, RLENGTH - 5) + 0
    smem = match($0, /[0-9]+ bytes smem/) ? substr($0, RSTART, RLENGTH) + 0 : 0
    if (!(name in most) || used > most[name]) most[name] = used
    if (!(name in least) || used < least[name]) least[name] = used
    if (smem > shared[name]) shared[name] = smem
    instances[name]++
  }
  END {
    for (name in most) {
      registers = least[name] == most[name] ? most[name] : least[name] " to " most[name]
      printf "| %s | %d | %s | %d | %d | %d |\n", name, instances[name], registers, stack[name], spills[name], shared[name]
    }
  }' | sort
