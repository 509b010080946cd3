//! Sends messages on request, and answers those that come: `/publish?subject=a` publishes the body
//! of the request, `/request?subject=a&timeout-ms=1000` waits for an answer. A message with a reply
//! subject is answered in upper case; one that says `fail` is refused.

use guest_http::{Handler, IncomingRequest, Reply, ResponseOutparam, Target, each_piece};
use wasmcloud::messaging::consumer;
use wasmcloud::messaging::types::BrokerMessage;

wit_bindgen::generate!({ path: "../wit", world: "messenger", generate_all });

struct Messenger;

impl Handler for Messenger {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = Target::of(&request);
        let subject = target.value("subject").unwrap_or("");
        let mut body = Vec::new();
        if let Ok(source) = request.consume() {
            _ = each_piece(source, |piece| {
                body.extend_from_slice(piece);
                Ok(())
            });
        }
        let said = match target.path.as_str() {
            "/publish" => publish(subject, body).map(|()| b"published\n".to_vec()),
            "/request" => {
                let timeout = target.number("timeout-ms", 10_000) as u32;
                consumer::request(subject, &body, timeout).map(|answer| answer.body)
            }
            path => Err(format!("no route {path}")),
        };
        match said {
            Ok(body) => Reply::text(body),
            Err(why) => Reply::of(502, format!("{why}\n")),
        }
        .send(out);
    }
}

impl exports::wasmcloud::messaging::handler::Guest for Messenger {
    fn handle_message(msg: BrokerMessage) -> Result<(), String> {
        if msg.body == b"fail" {
            return Err("asked to fail".to_string());
        }
        match msg.reply_to {
            Some(reply) => publish(&reply, msg.body.to_ascii_uppercase()),
            None => publish(&format!("{}.seen", msg.subject), msg.body),
        }
    }
}

fn publish(subject: &str, body: Vec<u8>) -> Result<(), String> {
    consumer::publish(&BrokerMessage { subject: subject.to_string(), body, reply_to: None })
}

guest_http::export_handler!(Messenger with_types_in guest_http);
export!(Messenger);
