//! What the host tells a component about the request and about its surroundings.

use guest_http::wasi::cli::{environment as cli, stderr, stdout};
use guest_http::wasi::clocks::{monotonic_clock, wall_clock};
use guest_http::wasi::random::random as entropy;
use guest_http::{IncomingRequest, Reply, Scheme, Target};

use crate::wasi::config::store;
use crate::wasi::logging::logging::{self, Level};

/// One `name: value` line for each header value, in the order the host gives them.
pub fn headers(request: &IncomingRequest) -> Reply {
    let entries = request.headers().entries();
    lines(entries.iter().map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value))))
}

/// The method, scheme, authority and path with query, a line each; a missing one is `-`.
pub fn request(request: &IncomingRequest) -> Reply {
    let scheme = request.scheme().map(|scheme| match scheme {
        Scheme::Http => "http".to_string(),
        Scheme::Https => "https".to_string(),
        Scheme::Other(name) => name,
    });
    let shown = |text: Option<String>| text.unwrap_or_else(|| "-".to_string());
    lines(
        [
            format!("{:?}", request.method()),
            shown(scheme),
            shown(request.authority()),
            shown(request.path_with_query()),
        ]
        .into_iter(),
    )
}

pub fn status(target: &Target) -> Reply {
    let code = target.number("code", 200);
    Reply::of(u16::try_from(code).unwrap_or(500), format!("{code}\n"))
}

/// The configured value of `key`, 404 where it has none; every pair where no key is named.
pub fn config(target: &Target) -> Reply {
    let answer = match target.value("key") {
        Some(key) => store::get(key).map(|value| match value {
            Some(value) => Reply::text(format!("{value}\n")),
            None => Reply::of(404, format!("no value for {key}\n")),
        }),
        None => store::get_all().map(|mut pairs| {
            pairs.sort();
            lines(pairs.iter().map(|(key, value)| format!("{key}={value}")))
        }),
    };
    answer.unwrap_or_else(|error| Reply::of(500, format!("{error:?}\n")))
}

/// Logs `msg` at `level` (info) in `context` (toolbox).
pub fn log(target: &Target) -> Reply {
    let level = match target.value("level").unwrap_or("info") {
        "trace" => Level::Trace,
        "debug" => Level::Debug,
        "info" => Level::Info,
        "warn" => Level::Warn,
        "error" => Level::Error,
        "critical" => Level::Critical,
        other => return Reply::of(400, format!("no level {other}\n")),
    };
    let message = target.value("msg").unwrap_or("hello");
    logging::log(level, target.value("context").unwrap_or("toolbox"), message);
    Reply::text("logged\n")
}

/// Writes `msg` and a line end to standard output and to standard error.
pub fn print(target: &Target) -> Reply {
    let line = format!("{}\n", target.value("msg").unwrap_or("hello"));
    for stream in [stdout::get_stdout(), stderr::get_stderr()] {
        if let Err(error) = stream.blocking_write_and_flush(line.as_bytes()) {
            return Reply::of(500, format!("{error}\n"));
        }
    }
    Reply::text("printed\n")
}

/// `bytes` (16) random bytes in hexadecimal.
pub fn random(target: &Target) -> Reply {
    let bytes = entropy::get_random_bytes(target.number("bytes", 16));
    lines(core::iter::once(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// The monotonic clock in nanoseconds, and the wall clock in seconds and nanoseconds.
pub fn clock() -> Reply {
    let wall = wall_clock::now();
    let monotonic = monotonic_clock::now();
    Reply::text(format!("monotonic: {monotonic}\nwall: {}.{:09}\n", wall.seconds, wall.nanoseconds))
}

pub fn environment() -> Reply {
    lines(cli::get_environment().iter().map(|(name, value)| format!("{name}={value}")))
}

pub fn arguments() -> Reply {
    lines(cli::get_arguments().into_iter())
}

fn lines(lines: impl Iterator<Item = String>) -> Reply {
    Reply::text(lines.map(|line| line + "\n").collect::<String>())
}
