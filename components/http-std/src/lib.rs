//! What an everyday Rust program looks like to a host: the standard library on WASI preview 1, with
//! the adapter that turns it into a component.

use std::collections::HashMap;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs, io, thread};

use guest_http::{Handler, IncomingRequest, Reply, ResponseOutparam, Target};

struct Std;

impl Handler for Std {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = Target::of(&request);
        match target.path.as_str() {
            "/words" => Reply::text(words(target.value("text").unwrap_or(""))),
            "/clock" => Reply::text(clock()),
            "/env" => {
                Reply::text(env::vars().map(|(k, v)| format!("{k}={v}\n")).collect::<String>())
            }
            "/args" => Reply::text(env::args().map(|arg| arg + "\n").collect::<String>()),
            "/read" => shown(fs::read_to_string(target.value("file").unwrap_or("/"))),
            "/print" => {
                println!("{}", target.value("msg").unwrap_or("hello"));
                eprintln!("{}", target.value("msg").unwrap_or("hello"));
                Reply::text("printed\n")
            }
            "/panic" => panic!("asked to"),
            "/exit" => std::process::exit(3),
            path => Reply::text(format!("Hello from the standard library at {path}!\n")),
        }
        .send(out);
    }
}

/// How often each word occurs, most frequent first: a map takes its seed from the host.
fn words(text: &str) -> String {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    text.split_whitespace().for_each(|word| *counts.entry(word).or_default() += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(word, count)| (u32::MAX - count, word));
    counts.iter().map(|(word, count)| format!("{word}: {count}\n")).collect()
}

fn clock() -> String {
    let start = Instant::now();
    thread::sleep(std::time::Duration::from_millis(5));
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
    format!("wall: {seconds}\nslept: {}\n", start.elapsed().as_millis() >= 5)
}

fn shown(read: io::Result<String>) -> Reply {
    match read {
        Ok(text) => Reply::text(text),
        Err(error) => Reply::of(404, format!("{error}\n")),
    }
}

guest_http::export_handler!(Std with_types_in guest_http);
