//! One route for each thing a host must do for a component; the tests call them.

mod body;
mod keyvalue;
mod limits;
mod outgoing;
mod system;

use guest_http::{ErrorCode, Handler, IncomingRequest, Reply, ResponseOutparam, Target};

wit_bindgen::generate!({ path: "../wit", world: "toolbox", generate_all });

struct Toolbox;

impl Handler for Toolbox {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = Target::of(&request);
        match target.path.as_str() {
            "/stream" => body::stream(&target, out),
            "/echo" => body::echo(request, out),
            "/discard" => body::discard(request, out),
            "/trailers" => body::trailers(out),
            "/truncate" => body::truncate(out),
            "/outgoing" => outgoing::relay(request, &target, out),
            "/panic" => panic!("asked to"),
            "/silent" => {}
            "/error" => Reply::fail(out, ErrorCode::InternalError(Some("asked to".to_string()))),
            _ => answer(&request, &target).send(out),
        }
    }
}

fn answer(request: &IncomingRequest, target: &Target) -> Reply {
    match target.path.as_str() {
        "/headers" => system::headers(request),
        "/request" => system::request(request),
        "/status" => system::status(target),
        "/config" => system::config(target),
        "/log" => system::log(target),
        "/print" => system::print(target),
        "/random" => system::random(target),
        "/clock" => system::clock(),
        "/env" => system::environment(),
        "/args" => system::arguments(),
        "/sleep" => limits::sleep(target),
        "/burn" => limits::burn(target),
        "/state" => limits::state(),
        "/big-alloc" => limits::allocate(target),
        path => match path.strip_prefix("/kv/") {
            Some(operation) => keyvalue::answer(operation, target),
            None => Reply::of(404, format!("no route {path}\n")),
        },
    }
}

guest_http::export_handler!(Toolbox with_types_in guest_http);
