#!/bin/sh
# Makes traps.wasm, sum.wasm, lanes.wasm and wide.wasm of their sources, with debug information; on Debian, with the packages rustc-web,
# cargo-web, rust-web-src, clang and lld. The results are committed.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$here/traps.rs" "$here/sum.c" "$here/part.h" "$here/lanes.c" "$here/wide.c" .
cat > Cargo.toml <<'END'
[package]
name = "traps"
version = "0.0.0"
edition = "2024"
[lib]
crate-type = ["cdylib"]
path = "traps.rs"
[profile.release]
opt-level = 1
debug = "line-tables-only"
panic = "abort"
lto = true
[workspace]
END
flags="-Clink-self-contained=no -Csymbol-mangling-version=v0 --remap-path-prefix=$work=guest"
flags="$flags --remap-path-prefix=/usr/src=rust --remap-path-prefix=$(/usr/bin/rustc --print sysroot)=rust"
RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS="$flags" CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld \
  /usr/bin/cargo build --quiet --release --target wasm32-unknown-unknown -Zbuild-std=core
cp target/wasm32-unknown-unknown/release/traps.wasm "$here/"
cc="clang -nostdlib -O1 -g -gdwarf-5 -ffile-prefix-map=$work=guest -Wl,--no-entry -Wl,--export-all"
$cc --target=wasm32 sum.c -o "$here/sum.wasm"
$cc --target=wasm32 -msimd128 lanes.c -o "$here/lanes.wasm"
$cc --target=wasm64 wide.c -o "$here/wide.wasm"
