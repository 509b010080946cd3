//! Misbehaves in one way for each route, so that a host can show that it contains it.

mod hold;
mod never_end;

use core::arch::wasm32;

use guest_http::{Handler, IncomingRequest, Reply, ResponseOutparam, Target};

struct Hostile;

impl Handler for Hostile {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = Target::of(&request);
        match target.path.as_str() {
            "/ok" => Reply::text("ok\n"),
            "/loop" => never_end::spin(),
            "/recurse" => Reply::text(never_end::recurse().to_string()),
            "/fill" => hold::fill(&target),
            "/alloc" => hold::allocate(&target),
            "/handles" => hold::handles(),
            "/requests" => hold::requests(&target),
            "/host-sleep" => never_end::sleep_in_host(),
            "/endless-body" => return never_end::stream(out),
            "/huge-random" => hold::random(),
            "/bad-pointer" => return hold::send_from_nowhere(out),
            "/out-of-bounds" => hold::read_out_of_bounds(),
            "/trap" => wasm32::unreachable(),
            path => Reply::of(404, format!("no route {path}\n")),
        }
        .send(out);
    }
}

guest_http::export_handler!(Hostile with_types_in guest_http);
