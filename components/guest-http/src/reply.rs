use crate::{ErrorCode, Fields, ResponseOutparam, Streaming};

/// An answer whose body is known before it is sent.
pub struct Reply {
    status: u16,
    body: Vec<u8>,
}

impl Reply {
    /// 200 with `body` as plain text.
    pub fn text(body: impl Into<Vec<u8>>) -> Reply {
        Reply::of(200, body)
    }

    /// `status` with `body` as plain text.
    pub fn of(status: u16, body: impl Into<Vec<u8>>) -> Reply {
        Reply { status, body: body.into() }
    }

    /// Sends the answer; a caller that went away is no error of the guest.
    pub fn send(self, out: ResponseOutparam) {
        let headers = Fields::new();
        _ = headers.set("content-type", &[b"text/plain; charset=utf-8".to_vec()]);
        _ = headers.set("content-length", &[self.body.len().to_string().into_bytes()]);
        if let Ok(answer) = Streaming::open(out, self.status, headers)
            && answer.send(&self.body).is_ok()
        {
            _ = answer.finish(None);
        }
    }

    /// Answers with an error instead of a response.
    pub fn fail(out: ResponseOutparam, error: ErrorCode) {
        ResponseOutparam::set(out, Err(error));
    }
}
