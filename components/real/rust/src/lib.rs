//! Counts the visits of a path, and says when and by which chance; time and chance through the standard library.

use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

use guest_http::{Handler, IncomingRequest, Reply, ResponseOutparam, Target};
use wasi::keyvalue::{atomics, store};

wit_bindgen::generate!({ path: "../../wit", world: "counter", generate_all });

struct Everyday;

fn answer(name: &str) -> Result<String, store::Error> {
    let visits = atomics::increment(&store::open("default")?, name, 1)?;
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let chance = RandomState::new().hash_one(name);
    Ok(format!("rust: visit {visits} of {name} at {now}, chance {chance:x}\n"))
}

impl Handler for Everyday {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = Target::of(&request);
        match answer(target.name_or("default")) {
            Ok(text) => Reply::text(text),
            Err(error) => Reply::of(503, format!("rust: {error:?}\n")),
        }
        .send(out);
    }
}

guest_http::export_handler!(Everyday with_types_in guest_http);
