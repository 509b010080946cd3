//! Counts the visits of each path in the key-value bucket `default`.

use guest_http::{Handler, IncomingRequest, Reply, ResponseOutparam, Target};
use wasi::keyvalue::{atomics, store};

wit_bindgen::generate!({ path: "../wit", world: "counter", generate_all });

struct Counter;

impl Handler for Counter {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = Target::of(&request);
        let key = target.name_or("default");
        match store::open("default").and_then(|bucket| atomics::increment(&bucket, key, 1)) {
            Ok(count) => Reply::text(format!("{key}: {count}\n")),
            Err(store::Error::NoSuchStore) => Reply::of(503, "no such store: default\n"),
            Err(store::Error::AccessDenied) => Reply::of(500, "access denied: default\n"),
            Err(store::Error::Other(why)) => Reply::of(503, format!("{why}\n")),
        }
        .send(out);
    }
}

guest_http::export_handler!(Counter with_types_in guest_http);
