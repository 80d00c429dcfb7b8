#!/usr/bin/env bash
# Installs a build into an empty folder, moves it, and runs the main job from there; then the same from
# the .deb packages. Usage: check_install.sh BUILD
set -euo pipefail
export LC_ALL=C.UTF-8

build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# says TEXT COMMAND...: runs the command and looks for the text in all that it prints.
says() {
  local text=$1 output
  shift
  output=$(env -i "$@" 2>&1) && [[ $output == *"$text"* ]] && return
  printf 'install: no "%s" from: %s\n%s\n' "$text" "$*" "$output" >&2
  return 1
}

# runs PREFIX: the main job, with nothing of the source tree in sight.
runs() {
  local prefix=$1 share=$1/share/fleetwright program=$1/bin/fleetwright
  # A model that only this folder has shows that its data are read and not those of the build.
  cp "$share/models/zoo/llama-3.1-8b.json" "$share/models/zoo/only-here.json"
  (
    cd "$work"
    says only-here "$program" list models
    says '"name": "only-here"' "$program" estimate "$share/scenarios/deepseek-v3.toml" --engine analytic \
      --set model.config=only-here --set strategy.ep=1 --set training.precision=bf16 \
      --set strategy.schedule=1f1b --set training.expert_imbalance=1 \
      --format json
    says done "$program" sweep "$share/sweeps/deepseek-v3-batch.toml" --engine analytic --shard 1/6 \
      --store "$prefix/sweep.sqlite" --quiet
  )
}

# in_menu PREFIX: where the dashboard was built, a desktop finds its entry and its icon.
in_menu() {
  local entry=$1/share/applications/fleetwright.desktop icon
  [[ -x $1/bin/fleetwright-gui ]] || return 0
  grep -qx 'Exec=fleetwright-gui %F' "$entry"
  icon=$(sed -n 's/^Icon=//p' "$entry")
  says "<svg" cat "$1/share/icons/hicolor/scalable/apps/$icon.svg"
}

cmake --install "$build" --prefix "$work/first" >"$work/log"
mv "$work/first" "$work/moved"
runs "$work/moved"
in_menu "$work/moved"
echo "install: the main job ran from an empty prefix"

(cd "$build" && cpack -G DEB -B "$work/packages" >"$work/log" 2>&1) || { cat "$work/log"; exit 1; }
(cd "$build" && cpack -G TGZ -B "$work/packages" >"$work/log" 2>&1) || { cat "$work/log"; exit 1; }
for package in "$work"/packages/*.deb; do
  dpkg-deb -x "$package" "$work/unpacked"
  dpkg-deb -f "$package" Package Depends
done
runs "$work/unpacked/usr"
in_menu "$work/unpacked/usr"
mkdir "$work/untarred"
tar -xzf "$work"/packages/*.tar.gz -C "$work/untarred" --strip-components=1
runs "$work/untarred"
echo "install: the main job ran from the packages"
