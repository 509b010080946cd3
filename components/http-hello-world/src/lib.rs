//! Answers every request with one line.

use guest_http::{Handler, IncomingRequest, Reply, ResponseOutparam};

struct Hello;

impl Handler for Hello {
    fn handle(_request: IncomingRequest, out: ResponseOutparam) {
        Reply::text("Hello from Wattle!\n").send(out);
    }
}

guest_http::export_handler!(Hello with_types_in guest_http);
