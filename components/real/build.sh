#!/bin/sh
# Builds the guest `everyday` in every language: build.sh [rust|c|go|quickjs|starlingmonkey|python]...
# Those below 2 MB go to components/dist and are committed; the others stay in components/real/target. What a language's
# tools are and where they come from is said where they are missing.
set -eu
cd "$(dirname "$0")"

COMPONENTIZE_QJS=componentize-qjs@0.4.5
COMPONENTIZE_JS=@bytecodealliance/componentize-js@0.23.0
COMPONENTIZE_PY=componentize-py==0.25.1

work="$PWD/target"
dist="$PWD/../dist"
wit="$PWD/../wit"
mkdir -p "$work"
PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

needs() { # needs <command> <how to get it>
  command -v "$1" >/dev/null || fail "$1 is not there: $2"
}

# Without names and producers, checked, and free of this machine's paths.
finish() { # finish <file> <target>
  # A runtime that was built elsewhere names folders of that machine where it may panic: as many other letters instead.
  perl -0777 -pi -e 's{/home/runner/\.cargo/(?:registry/src/[^/]+|git/checkouts)/}{"cargo" . "/" x (length($&) - 5)}ge' "$1"
  wasm-tools strip --all "$1" -o "$2"
  wasm-tools validate --features all "$2"
  if grep -a -q -F -e "$PWD" -e "$HOME/" -e /home/ "$2"; then
    fail "$2 holds a path of this machine (expected: none)"
  fi
  ls -l "$2"
}

# On the standard library, by WASI preview 1 and its adapter; the library is built from Debian's source of it.
rust() {
  needs wasm-ld "apt-get install rustc-web cargo-web rust-web-src lld wasi-libc"
  flags="-Clink-self-contained=no -Zlocation-detail=none -L/usr/lib/wasm32-wasi --remap-path-prefix=$PWD=."
  flags="$flags --remap-path-prefix=${PWD%/*}=.. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
  flags="$flags --remap-path-prefix=$(/usr/bin/rustc --print sysroot)=rust --remap-path-prefix=/usr/src=rust"
  (
    cd rust
    RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS="$flags" CARGO_TARGET_DIR="$work/rust" \
      CARGO_TARGET_WASM32_WASIP1_LINKER=wasm-ld \
      /usr/bin/cargo build --release --target wasm32-wasip1 -Zbuild-std=std,panic_abort
    /usr/bin/cargo metadata --format-version 1 |
      grep -o '"manifest_path":"[^"]*wasi-preview1-component-adapter-provider[^"]*"' | cut -d'"' -f4 >"$work/adapter"
  )
  adapter="$(dirname "$(cat "$work/adapter")")/artefacts/wasi_snapshot_preview1.reactor.wasm"
  wasm-tools component new "$work/rust/wasm32-wasip1/release/everyday.wasm" -o "$work/rust.wasm" \
    --adapt "wasi_snapshot_preview1=$adapter"
  finish "$work/rust.wasm" "$dist/everyday-rust.wasm"
}

# On wasi-libc, which needs no system call for this.
c() {
  needs clang "apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32"
  needs wit-bindgen "cargo install --locked wit-bindgen-cli@0.63.0"
  wit-bindgen c --world everyday --out-dir "$work/c" "$wit" >/dev/null
  clang --target=wasm32-wasi -mexec-model=reactor -Oz -flto -Wall -Wextra -Werror "-ffile-prefix-map=$PWD=." \
    -Wl,--strip-all "-I$work/c" -o "$work/c.core.wasm" c/everyday.c "$work/c/everyday.c" \
    "$work/c/everyday_component_type.o"
  wasm-tools component new "$work/c.core.wasm" -o "$work/c.wasm"
  finish "$work/c.wasm" "$dist/everyday-c.wasm"
}

go() {
  needs gofmt "Go 1.24 or newer, of go.dev"
  (cd go && GOOS=wasip1 GOARCH=wasm command go build -buildmode=c-shared -ldflags='-s -w' -trimpath -o "$work/go.core.wasm" .)
  wasm-tools component embed "$wit" --world everyday "$work/go.core.wasm" -o "$work/go.embedded.wasm"
  wasm-tools component embed "$wit" --world go-runtime go/preview1.wat -o "$work/preview1.wasm"
  wasm-tools component new "$work/go.embedded.wasm" --adapt "wasi_snapshot_preview1=$work/preview1.wasm" -o "$work/go.wasm"
  finish "$work/go.wasm" "$dist/everyday-go.wasm"
}

node_tool() { # node_tool <command> <package>
  needs npm "Node.js 20 or newer"
  [ -x "$work/node/node_modules/.bin/$1" ] || npm install --no-audit --no-fund --prefix "$work/node" "$2"
}

quickjs() {
  node_tool componentize-qjs "$COMPONENTIZE_QJS"
  mkdir -p "$work/quickjs-wit"
  cp -R "$wit/deps" "$work/quickjs-wit/"
  cp quickjs/everyday.wit "$work/quickjs-wit/"
  "$work/node/node_modules/.bin/componentize-qjs" -w "$work/quickjs-wit" -n everyday-greeter -j quickjs/everyday.js --sync \
    --opt-size -o "$work/quickjs-greeter.wasm"
  wasm-tools compose "$dist/greeter-http.wasm" -d "$work/quickjs-greeter.wasm" -o "$work/quickjs.wasm"
  finish "$work/quickjs.wasm" "$dist/everyday-quickjs.wasm"
  mkdir -p "$work/loop-wit"
  cp quickjs/loop.wit "$work/loop-wit/"
  "$work/node/node_modules/.bin/componentize-qjs" -w "$work/loop-wit" -n kernels -j quickjs/loop.js --sync --opt-size \
    -o "$work/quickjs-loop.wasm"
  finish "$work/quickjs-loop.wasm" "$dist/quickjs-loop.wasm"
}

starlingmonkey() {
  node_tool componentize-js "$COMPONENTIZE_JS"
  "$work/node/node_modules/.bin/componentize-js" starlingmonkey/everyday.js -w "$wit" -n everyday -d stdio fetch-event \
    -o "$work/everyday-starlingmonkey.wasm"
  ls -l "$work/everyday-starlingmonkey.wasm"
}

python() {
  needs python3 "apt-get install python3-venv"
  [ -x "$work/python/bin/componentize-py" ] ||
    { python3 -m venv "$work/python" && "$work/python/bin/pip" install --quiet "$COMPONENTIZE_PY"; }
  PYTHONDONTWRITEBYTECODE=1 "$work/python/bin/componentize-py" -d "$wit" -w everyday componentize -p python app \
    -o "$work/everyday-python.wasm"
  ls -l "$work/everyday-python.wasm"
}

needs wasm-tools "cargo install --locked wasm-tools@1.263.0"
for language in "${@:-}"; do
  case $language in
    rust | c | go | quickjs | starlingmonkey | python) "$language" ;;
    "") rust && c && go && quickjs && starlingmonkey && python ;;
    *) fail "$language (expected: rust, c, go, quickjs, starlingmonkey or python)" ;;
  esac
done
