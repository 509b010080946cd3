//! A command that sends one HTTP request: `METHOD URL [name=value ...]`. The names are `body`,
//! `header` (`header=name:value`) and, in milliseconds, `connect`, `first-byte`, `between-bytes`.
//! It prints the status, then the body, then a line for each trailer; or the error code.

use wasi::cli::{environment, stdout};
use wasi::http::outgoing_handler;
use wasi::http::types::{
    ErrorCode, Fields, HeaderError, IncomingBody, Method, OutgoingBody, OutgoingRequest,
    RequestOptions, Scheme, http_error_code,
};
use wasi::io::streams::StreamError;

wit_bindgen::generate!({ path: "../wit", world: "fetch", generate_all });

const NANOS_PER_MILLI: u64 = 1_000_000;
const PIECE: usize = 4096;

struct Fetch;

impl exports::wasi::cli::run::Guest for Fetch {
    fn run() -> Result<(), ()> {
        let arguments = environment::get_arguments();
        let said = match arguments.get(1..) {
            Some([method, url, options @ ..]) => fetch(method, url, options),
            _ => Err("METHOD URL [name=value ...]".to_string()),
        };
        said.map_err(|why| print(format!("{why}\n").as_bytes()))
    }
}

fn fetch(method: &str, url: &str, given: &[String]) -> Result<(), String> {
    let fields = Fields::new();
    let options = RequestOptions::new();
    let mut body = None;
    for (name, value) in given.iter().filter_map(|option| option.split_once('=')) {
        let nanos = || Some(value.parse::<u64>().unwrap_or(0) * NANOS_PER_MILLI);
        match name {
            "body" => body = Some(value),
            "header" => add(&fields, value).map_err(|error| format!("{error:?}"))?,
            "connect" => _ = options.set_connect_timeout(nanos()),
            "first-byte" => _ = options.set_first_byte_timeout(nanos()),
            "between-bytes" => _ = options.set_between_bytes_timeout(nanos()),
            other => return Err(format!("option: {other}")),
        }
    }
    exchange(request(method, url, fields)?, body, options).map_err(|error| format!("{error:?}"))
}

fn add(fields: &Fields, line: &str) -> Result<(), HeaderError> {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    fields.append(name, value.as_bytes())
}

fn request(method: &str, url: &str, fields: Fields) -> Result<OutgoingRequest, String> {
    let (scheme, rest) = url.split_once("://").ok_or("URL")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let request = OutgoingRequest::new(fields);
    let method = match method {
        "GET" => Method::Get,
        "POST" => Method::Post,
        other => Method::Other(other.to_string()),
    };
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => Scheme::Other(other.to_string()),
    };
    let set = request
        .set_method(&method)
        .and_then(|()| request.set_scheme(Some(&scheme)))
        .and_then(|()| request.set_authority(Some(authority)))
        .and_then(|()| request.set_path_with_query(Some(if path.is_empty() { "/" } else { path })));
    set.map(|()| request).map_err(|()| "invalid".to_string())
}

fn exchange(
    request: OutgoingRequest,
    text: Option<&str>,
    options: RequestOptions,
) -> Result<(), ErrorCode> {
    let body = request.body().map_err(|()| ErrorCode::InternalError(None))?;
    let coming = outgoing_handler::handle(request, Some(options))?;
    if let Some(text) = text {
        let into = body.write().map_err(|()| ErrorCode::InternalError(None))?;
        _ = into.blocking_write_and_flush(text.as_bytes());
        drop(into);
    }
    OutgoingBody::finish(body, None)?;
    coming.subscribe().block();
    let response = coming.get().and_then(Result::ok).unwrap_or(Err(ErrorCode::LoopDetected))?;
    print(format!("{}\n", response.status()).as_bytes());
    let body = response.consume().map_err(|()| ErrorCode::InternalError(None))?;
    let stream = body.stream().map_err(|()| ErrorCode::InternalError(None))?;
    loop {
        match stream.blocking_read(64 * 1024) {
            Ok(piece) => print(&piece),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => {
                return Err(http_error_code(&error).unwrap_or(ErrorCode::LoopDetected));
            }
        }
    }
    drop(stream);
    let trailers = IncomingBody::finish(body);
    trailers.subscribe().block();
    if let Some(Ok(Ok(Some(fields)))) = trailers.get() {
        for (name, value) in fields.entries() {
            print(format!("\n{name}: {}\n", String::from_utf8_lossy(&value)).as_bytes());
        }
    }
    Ok(())
}

fn print(bytes: &[u8]) {
    let out = stdout::get_stdout();
    for piece in bytes.chunks(PIECE) {
        _ = out.blocking_write_and_flush(piece);
    }
}

export!(Fetch);
