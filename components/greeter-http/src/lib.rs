//! Answers with the greeting another component makes for the name in the path.

use guest_http::{Handler, IncomingRequest, Reply, ResponseOutparam, Target};
use wattle::examples::greeter::greet;

wit_bindgen::generate!({ path: "../wit", world: "greeter-client", generate_all });

struct Greeter;

impl Handler for Greeter {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = Target::of(&request);
        Reply::text(format!("{}\n", greet(target.name_or("World")))).send(out);
    }
}

guest_http::export_handler!(Greeter with_types_in guest_http);
