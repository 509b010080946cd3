//! Requests to elsewhere.

use guest_http::wasi::http::outgoing_handler;
use guest_http::{
    ErrorCode, Fields, IncomingRequest, IncomingResponse, OutgoingRequest, Reply, ResponseOutparam,
    Scheme, Streaming, Target,
};

/// Headers that belong to one connection, or that name the host of this request, not of the next.
const NOT_PASSED_ON: [&str; 7] =
    ["connection", "expect", "host", "keep-alive", "te", "transfer-encoding", "upgrade"];

/// Sends the request on to `url` and its answer back, both streamed; the whole request goes out
/// before the answer is read. An error of the way there is a 502 with its code.
pub fn relay(request: IncomingRequest, target: &Target, out: ResponseOutparam) {
    match exchange(request, target.value("url").unwrap_or("")) {
        Ok(response) => {
            let Ok(body) = response.consume() else { return };
            let headers = passed_on(&response.headers());
            if let Ok(answer) = Streaming::open(out, response.status(), headers) {
                _ = answer.relay(body);
            }
        }
        Err(error) => Reply::of(502, format!("{error:?}\n")).send(out),
    }
}

fn exchange(request: IncomingRequest, url: &str) -> Result<IncomingResponse, ErrorCode> {
    let outgoing = OutgoingRequest::new(passed_on(&request.headers()));
    address(&outgoing, url).map_err(|()| ErrorCode::HttpRequestUriInvalid)?;
    outgoing.set_method(&request.method()).map_err(|()| ErrorCode::HttpRequestMethodInvalid)?;
    let body = Streaming::of_request(&outgoing).map_err(|()| ErrorCode::InternalError(None))?;
    let source = request.consume().map_err(|()| ErrorCode::InternalError(None))?;
    let coming = outgoing_handler::handle(outgoing, None)?;
    body.relay(source)?;
    coming.subscribe().block();
    coming.get().and_then(Result::ok).unwrap_or(Err(ErrorCode::InternalError(None)))
}

fn address(request: &OutgoingRequest, url: &str) -> Result<(), ()> {
    let (scheme, rest) = url.split_once("://").ok_or(())?;
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => Scheme::Other(other.to_string()),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    request.set_scheme(Some(&scheme))?;
    request.set_authority(Some(authority))?;
    request.set_path_with_query(Some(if path.is_empty() { "/" } else { path }))
}

fn passed_on(headers: &Fields) -> Fields {
    let fields = Fields::new();
    for (name, value) in headers.entries() {
        if !NOT_PASSED_ON.contains(&name.to_ascii_lowercase().as_str()) {
            _ = fields.append(&name, &value);
        }
    }
    fields
}
