//! A command: says its arguments and its environment, then copies standard input to standard
//! output. `--fail` makes its run fail, `--exit=0` and `--exit=1` leave at once.

use wasi::cli::{environment, exit, stderr, stdin, stdout};
use wasi::io::streams::{OutputStream, StreamError};

wit_bindgen::generate!({ path: "../wit", world: "command", generate_all });

/// The most bytes `blocking-write-and-flush` takes in one call.
const PIECE: usize = 4096;

struct Hello;

impl exports::wasi::cli::run::Guest for Hello {
    fn run() -> Result<(), ()> {
        let arguments = environment::get_arguments();
        let out = stdout::get_stdout();
        introduce(&out, &arguments).and_then(|()| copy(&out)).map_err(|_| ())?;
        for argument in &arguments {
            match argument.as_str() {
                "--exit=0" => exit::exit(Ok(())),
                "--exit=1" => exit::exit(Err(())),
                "--fail" => {
                    _ = say(&stderr::get_stderr(), "failing as asked\n");
                    return Err(());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn introduce(out: &OutputStream, arguments: &[String]) -> Result<(), StreamError> {
    say(out, "Hello from Wattle!\n")?;
    for argument in arguments {
        say(out, &format!("argument: {argument}\n"))?;
    }
    for (name, value) in environment::get_environment() {
        say(out, &format!("environment: {name}={value}\n"))?;
    }
    Ok(())
}

fn copy(out: &OutputStream) -> Result<(), StreamError> {
    let source = stdin::get_stdin();
    loop {
        match source.blocking_read(PIECE as u64) {
            Ok(piece) => out.blocking_write_and_flush(&piece)?,
            Err(StreamError::Closed) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn say(out: &OutputStream, text: &str) -> Result<(), StreamError> {
    text.as_bytes().chunks(PIECE).try_for_each(|piece| out.blocking_write_and_flush(piece))
}

export!(Hello);
