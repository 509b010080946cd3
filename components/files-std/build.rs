//! Debian's Rust leaves the start of a command to whoever links.

fn main() {
    println!("cargo:rustc-link-arg-bins=/usr/lib/wasm32-wasi/crt1-command.o");
}
