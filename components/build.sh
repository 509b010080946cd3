#!/bin/sh
# Rebuilds every guest into components/dist. The results are committed, so only who changes a guest
# needs this. As root on Debian it installs what is missing; otherwise it says what to install.
set -eu
cd "$(dirname "$0")"

PACKAGES="rustc-web cargo-web rust-web-src lld wasi-libc clang libclang-rt-14-dev-wasm32"
TOOLS="wasm-tools@1.263.0 wit-bindgen-cli@0.63.0 wac-cli@0.12.0"

RUST="http-hello-world http-counter greeter-http http-toolbox echo-types hostile http-blobs messenger wasi-cli-hello wasi-sockets wasi-fetch"
# Text that is a whole component or module already.
TEXT="core-module wasi-0-3-stream wasi-0-3-async"

work="$PWD/target"
dist="$PWD/dist"
PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
mkdir -p "$work/text" "$dist"

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

install_what_is_missing() {
  missing=""
  for package in $PACKAGES; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  if [ -n "$missing" ]; then
    [ "$(id -u)" = 0 ] || fail "missing Debian packages, install them as root: apt-get install$missing"
    # shellcheck disable=SC2086
    apt-get install -y $missing
  fi
  for tool in $TOOLS; do
    command="${tool%@*}"
    case $tool in
      wac-cli@*) features="--no-default-features --features wit" ;; # without its client of a registry
      *) features="" ;;
    esac
    # shellcheck disable=SC2086
    command -v "${command%-cli}" >/dev/null || /usr/bin/cargo install --locked $features "$tool"
  done
}

# A component without names and producers, checked, and free of this machine's paths.
finish() {
  wasm-tools strip --all "$1" -o "$dist/$2.wasm"
  wasm-tools validate --features all "$dist/$2.wasm"
  if grep -a -q -E "$PWD|$HOME/|/usr/(lib|src)" "$dist/$2.wasm"; then
    fail "$2.wasm holds a path of this machine (expected: none); see the remap flags"
  fi
}

# compile <target> <more flags> <more options>: every package named in the options.
# Debian has no prebuilt standard library for wasm, so it is built from its source.
compile() {
  flags="-Clink-self-contained=no -Zlocation-detail=none $2"
  flags="$flags --remap-path-prefix=$PWD=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
  flags="$flags --remap-path-prefix=$(/usr/bin/rustc --print sysroot)=rust --remap-path-prefix=/usr/src=rust"
  # shellcheck disable=SC2086
  RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS="$flags" CARGO_TARGET_DIR="$work" \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld CARGO_TARGET_WASM32_WASIP1_LINKER=wasm-ld \
    /usr/bin/cargo build --release --target "$1" -Zbuild-std=std,panic_abort $3
}

# The target that imports nothing: a guest then imports only what its world says.
build_rust() {
  compile wasm32-unknown-unknown "" "--workspace --exclude http-std --exclude files-std --exclude vectors"
  for guest in $RUST; do
    core="$work/wasm32-unknown-unknown/release/$(echo "$guest" | tr - _).wasm"
    wasm-tools component new "$core" -o "$work/$guest.wasm"
    finish "$work/$guest.wasm" "$guest"
  done
}

# Computing only: a core module, kept as it is.
build_kernels() {
  finish "$work/wasm32-unknown-unknown/release/cpu_kernels.wasm" cpu-kernels
}

# on_preview_1 <guest> <built> <adapter>: an everyday program, made a component by that adapter.
on_preview_1() {
  wasm-tools component new "$work/wasm32-wasip1/release/$2.wasm" -o "$work/$1.wasm" \
    --adapt "wasi_snapshot_preview1=${provider%/*}/artefacts/wasi_snapshot_preview1.$3.wasm"
  finish "$work/$1.wasm" "$1"
}

# The only guest that asks for more than the first version of WebAssembly has.
build_vectors() {
  compile wasm32-unknown-unknown "-Ctarget-feature=+simd128" "--package vectors"
  wasm-tools component new "$work/wasm32-unknown-unknown/release/vectors.wasm" -o "$work/vectors.wasm"
  finish "$work/vectors.wasm" vectors
}

# The target of everyday programs. files-std is kept as the core module it is, too.
build_rust_on_preview_1() {
  compile wasm32-wasip1 "-L/usr/lib/wasm32-wasi" "--package http-std --package files-std"
  provider="$(/usr/bin/cargo metadata --format-version 1 |
    grep -o '"manifest_path":"[^"]*wasi-preview1-component-adapter-provider[^"]*"' | cut -d'"' -f4)"
  on_preview_1 http-std http_std reactor
  on_preview_1 files-std files-std command
  finish "$work/wasm32-wasip1/release/files-std.wasm" files-std-core
}

# build_c <guest> <source> <world>: one C file on wasi-libc that needs no system calls.
build_c() {
  bindings="$work/$1"
  name="$(echo "$3" | tr - _)"
  wit-bindgen c --world "$3" --out-dir "$bindings" wit >/dev/null
  clang --target=wasm32-wasi -mexec-model=reactor -Oz -flto -Wall -Wextra -Werror \
    "-ffile-prefix-map=$PWD=." -Wl,--strip-all "-I$bindings" -o "$bindings/core.wasm" \
    "$2" "$bindings/$name.c" "$bindings/${name}_component_type.o"
  wasm-tools component new "$bindings/core.wasm" -o "$work/$1.wasm"
  finish "$work/$1.wasm" "$1"
}

# build_core_text <guest> <world>: a core module in text, made a component of that world.
build_core_text() {
  wasm-tools component embed wit --world "$2" "text/$1.wat" -o "$work/text/$1.core.wasm"
  wasm-tools component new "$work/text/$1.core.wasm" -o "$work/text/$1.wasm"
  finish "$work/text/$1.wasm" "$1"
}

build_text() {
  for guest in $TEXT; do
    wasm-tools parse "text/$guest.wat" -o "$work/text/$guest.wasm"
    finish "$work/text/$guest.wasm" "$guest"
  done
}

# plug <guest> <socket> <plug>: two guests made one, the way their authors would.
plug() {
  wac plug "$dist/$2.wasm" --plug "$dist/$3.wasm" -o "$work/$1.wasm"
  finish "$work/$1.wasm" "$1"
}

install_what_is_missing
build_rust
build_kernels
build_vectors
build_rust_on_preview_1
build_c greeter-c greeter-c/greeter.c greeter-server
build_core_text state state
build_core_text tail-call handler-only
build_core_text missing-import missing-import
build_core_text asks-twice asks-twice
build_core_text greeter-by-name greeter-by-name
build_core_text key-watcher key-watcher
build_core_text price-rule price-rule
build_text
plug greeter-plugged greeter-http greeter-c
ls -l "$dist"
