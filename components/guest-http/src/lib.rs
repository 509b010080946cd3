//! The wasi:http bindings every HTTP guest here is built on, and the little they all need.

mod reply;
mod streaming;
mod target;

pub use reply::Reply;
pub use streaming::{Streaming, each_piece};
pub use target::Target;

wit_bindgen::generate!({
    path: "../wit",
    world: "http-guest",
    generate_all,
    pub_export_macro: true,
    export_macro_name: "export_handler",
    default_bindings_module: "guest_http",
});

pub use exports::wasi::http::incoming_handler::Guest as Handler;
pub use wasi::http::types::{
    ErrorCode, Fields, IncomingBody, IncomingRequest, IncomingResponse, Method, OutgoingBody,
    OutgoingRequest, OutgoingResponse, ResponseOutparam, Scheme,
};
