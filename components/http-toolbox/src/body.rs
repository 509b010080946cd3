//! Bodies and trailers, streamed.

use guest_http::{Fields, IncomingRequest, Reply, ResponseOutparam, Streaming, Target, each_piece};

use crate::limits::pause;

/// `chunks` pieces of `size` bytes, `delay-ms` apart, each flushed before the next is made.
pub fn stream(target: &Target, out: ResponseOutparam) {
    let size = target.number("size", 1024) as usize;
    let delay = target.number("delay-ms", 0);
    let Ok(answer) = Streaming::open(out, 200, Fields::new()) else { return };
    for chunk in 0..target.number("chunks", 10) {
        if chunk > 0 && delay > 0 {
            pause(delay);
        }
        let letter = b'a' + (chunk % 26) as u8;
        if answer.send(&vec![letter; size]).is_err() {
            return;
        }
    }
    _ = answer.finish(None);
}

/// The request's body and trailers, passed on as they come.
pub fn echo(request: IncomingRequest, out: ResponseOutparam) {
    let headers = Fields::new();
    // A server may send only those trailers that were announced.
    for name in ["content-type", "trailer"] {
        _ = headers.set(name, &request.headers().get(name));
    }
    let Ok(source) = request.consume() else { return };
    if let Ok(answer) = Streaming::open(out, 200, headers) {
        _ = answer.relay(source);
    }
}

/// How many bytes the request's body had.
pub fn discard(request: IncomingRequest, out: ResponseOutparam) {
    let Ok(source) = request.consume() else { return };
    let mut count = 0;
    let read = each_piece(source, |piece| {
        count += piece.len();
        Ok(())
    });
    match read {
        Ok(_) => Reply::text(format!("{count}\n")),
        Err(error) => Reply::of(502, format!("after {count} bytes: {error:?}\n")),
    }
    .send(out);
}

/// A short body followed by trailers.
pub fn trailers(out: ResponseOutparam) {
    let headers = Fields::new();
    _ = headers.set("trailer", &[b"x-check, x-many".to_vec()]);
    let Ok(answer) = Streaming::open(out, 200, headers) else { return };
    if answer.send(b"trailers follow\n").is_ok() {
        let trailers = Fields::new();
        _ = trailers.append("x-check", b"ok");
        _ = trailers.append("x-many", b"one");
        _ = trailers.append("x-many", b"two");
        _ = answer.finish(Some(trailers));
    }
}

/// Half an answer, then a trap.
pub fn truncate(out: ResponseOutparam) {
    if let Ok(answer) = Streaming::open(out, 200, Fields::new()) {
        _ = answer.send(b"half of it\n");
        panic!("asked to");
    }
}
