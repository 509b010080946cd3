//! A blobstore over HTTP. A path is `/CONTAINER/OBJECT`; `PUT` writes and `GET` reads it, both
//! streamed, `?start=&end=` reads a part (both inclusive), `DELETE` deletes. `/CONTAINER` alone is
//! made, listed and deleted. `POST` with `?do=` does the rest: `info`, `has`, `clear`, `copy` and
//! `move` (`&to=CONTAINER/OBJECT`), `delete-many` (`&name=` each), `half` (drops what it writes).

use guest_http::wasi::io::streams::StreamError;
use guest_http::{
    Fields, Handler, IncomingRequest, Method, Reply, ResponseOutparam, Streaming, Target,
    each_piece,
};
use wasi::blobstore::blobstore;
use wasi::blobstore::container::Container;
use wasi::blobstore::types::{IncomingValue, ObjectId, OutgoingValue};
use wasi::io::streams::{OutputStream, StreamError as BlobError};

wit_bindgen::generate!({ path: "../wit", world: "blobs", generate_all });

const PIECE: usize = 4096;

struct Blobs;

impl Handler for Blobs {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = Target::of(&request);
        let path = target.name_or("").to_string();
        let method = request.method();
        let answer = match path.split_once('/') {
            None => in_all(&path, &method, &target),
            Some((name, object)) if matches!(method, Method::Get) => {
                return match read(name, object, &target, out) {
                    Ok(()) => (),
                    Err((out, why)) => Reply::of(502, format!("{why}\n")).send(out),
                };
            }
            Some((name, object)) => of_one(name, object, &method, &target, request),
        };
        match answer {
            Ok(text) => Reply::text(format!("{text}\n")),
            Err(why) => Reply::of(502, format!("{why}\n")),
        }
        .send(out);
    }
}

fn in_all(name: &str, method: &Method, target: &Target) -> Result<String, String> {
    let name = name.to_string();
    match (method, target.value("do")) {
        (Method::Put, _) => blobstore::create_container(&name)?.name(),
        (Method::Delete, _) => blobstore::delete_container(&name).map(|()| "deleted".to_string()),
        (Method::Get, _) => list(&blobstore::get_container(&name)?, target.number("page", 100)),
        (_, Some("has")) => blobstore::container_exists(&name).map(|there| there.to_string()),
        (_, Some("info")) => {
            let info = blobstore::get_container(&name)?.info()?;
            Ok(format!("{} {}", info.name, info.created_at > 0))
        }
        (_, Some("clear")) => {
            blobstore::get_container(&name)?.clear().map(|()| "cleared".to_string())
        }
        (_, Some("delete-many")) => {
            let names: Vec<String> = target.values("name").map(str::to_string).collect();
            blobstore::get_container(&name)?.delete_objects(&names).map(|()| "deleted".to_string())
        }
        _ => Err("no such thing to do".to_string()),
    }
}

fn list(container: &Container, page: u64) -> Result<String, String> {
    let names = container.list_objects()?;
    let mut all = Vec::new();
    loop {
        let (some, end) = names.read_stream_object_names(page)?;
        all.extend(some);
        if end {
            all.sort();
            return Ok(all.join(" "));
        }
    }
}

fn of_one(
    name: &str,
    object: &str,
    method: &Method,
    target: &Target,
    request: IncomingRequest,
) -> Result<String, String> {
    let container = blobstore::get_container(&name.to_string())?;
    let object = object.to_string();
    let half = target.value("do") == Some("half");
    match (method, target.value("do")) {
        (Method::Put, _) => write(&container, &object, half, request),
        (Method::Delete, _) => container.delete_object(&object).map(|()| "deleted".to_string()),
        (_, Some("has")) => container.has_object(&object).map(|there| there.to_string()),
        (_, Some("info")) => {
            let info = container.object_info(&object)?;
            Ok(format!("{}/{} {}", info.container, info.name, info.size))
        }
        (_, Some(what @ ("copy" | "move"))) => {
            let (to, as_object) = target.value("to").and_then(|to| to.split_once('/')).ok_or("to?")?;
            let from = ObjectId { container: name.to_string(), object };
            let to = ObjectId { container: to.to_string(), object: as_object.to_string() };
            match what {
                "copy" => blobstore::copy_object(&from, &to),
                _ => blobstore::move_object(&from, &to),
            }
            .map(|()| "done".to_string())
        }
        _ => Err("no such thing to do".to_string()),
    }
}

fn write(
    container: &Container,
    object: &String,
    half: bool,
    request: IncomingRequest,
) -> Result<String, String> {
    let value = OutgoingValue::new_outgoing_value();
    let into = value.outgoing_value_write_body().map_err(|()| "no body".to_string())?;
    container.write_data(object, &value)?;
    let source = request.consume().map_err(|()| "no request".to_string())?;
    let mut count = 0;
    let mut failure = None;
    let read = each_piece(source, |piece| {
        count += piece.len();
        put(&into, piece).map_err(|error| {
            failure = Some(error.to_string());
            StreamError::Closed
        })
    });
    drop(into);
    if half {
        return Ok("left".to_string());
    }
    let finished = OutgoingValue::finish(value);
    if let Some(why) = failure {
        return Err(finished.err().unwrap_or(why));
    }
    read.map_err(|error| format!("{error:?}"))?;
    finished.map(|()| format!("wrote {count}"))
}

fn put(into: &OutputStream, bytes: &[u8]) -> Result<(), BlobError> {
    bytes.chunks(PIECE).try_for_each(|piece| into.blocking_write_and_flush(piece))
}

fn read(
    name: &str,
    object: &str,
    target: &Target,
    out: ResponseOutparam,
) -> Result<(), (ResponseOutparam, String)> {
    let start = target.number("start", 0);
    let end = target.number("end", u64::MAX);
    let opened = blobstore::get_container(&name.to_string())
        .and_then(|container| container.get_data(&object.to_string(), start, end));
    let value = match opened {
        Ok(value) => value,
        Err(why) => return Err((out, why)),
    };
    if target.value("do") == Some("sync") {
        return match IncomingValue::incoming_value_consume_sync(value) {
            Ok(bytes) => {
                Reply::text(bytes).send(out);
                Ok(())
            }
            Err(why) => Err((out, why)),
        };
    }
    let headers = Fields::new();
    _ = headers.set("x-size", &[value.size().to_string().into_bytes()]);
    let stream = match IncomingValue::incoming_value_consume_async(value) {
        Ok(stream) => stream,
        Err(why) => return Err((out, why)),
    };
    let Ok(answer) = Streaming::open(out, 200, headers) else { return Ok(()) };
    loop {
        match stream.blocking_read(64 * 1024) {
            Ok(piece) => {
                if answer.pour(&piece).is_err() {
                    return Ok(());
                }
            }
            Err(BlobError::Closed) => break,
            Err(_) => return Ok(()), // the answer is seen to be broken off
        }
    }
    _ = answer.finish(None);
    Ok(())
}

guest_http::export_handler!(Blobs with_types_in guest_http);
