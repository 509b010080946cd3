use crate::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::{
    ErrorCode, Fields, IncomingBody, OutgoingBody, OutgoingRequest, OutgoingResponse,
    ResponseOutparam,
};

/// The most bytes `blocking-write-and-flush` takes in one call.
const PIECE: usize = 4096;

/// The most bytes read at once from a body.
const READ: u64 = 64 * 1024;

/// A body while it is written. Dropped before `finish` it ends as a broken one.
pub struct Streaming {
    // Dropped before the body, which must not outlive its stream.
    stream: OutputStream,
    body: OutgoingBody,
}

impl Streaming {
    /// Hands the response to the host and opens its body.
    pub fn open(out: ResponseOutparam, status: u16, headers: Fields) -> Result<Streaming, ()> {
        let response = OutgoingResponse::new(headers);
        response.set_status_code(status)?;
        let body = response.body()?;
        ResponseOutparam::set(out, Ok(response));
        Streaming::of(body)
    }

    /// The body of a request that is yet to be sent.
    pub fn of_request(request: &OutgoingRequest) -> Result<Streaming, ()> {
        Streaming::of(request.body()?)
    }

    fn of(body: OutgoingBody) -> Result<Streaming, ()> {
        Ok(Streaming { stream: body.write()?, body })
    }

    /// Writes all of `bytes` and flushes each piece, blocking while the receiver is slower.
    pub fn send(&self, bytes: &[u8]) -> Result<(), StreamError> {
        bytes.chunks(PIECE).try_for_each(|piece| self.stream.blocking_write_and_flush(piece))
    }

    /// Writes all of `bytes` as the receiver makes room for them, and flushes at the end.
    pub fn pour(&self, mut bytes: &[u8]) -> Result<(), StreamError> {
        let room = self.stream.subscribe();
        while !bytes.is_empty() {
            room.block();
            let fitting = usize::try_from(self.stream.check_write()?).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at(fitting.min(bytes.len()));
            self.stream.write(now)?;
            bytes = later;
        }
        self.stream.blocking_flush()
    }

    /// Passes `source` on as it comes and ends with its trailers. A receiver that wants no more, as
    /// one does that has read all of an announced length, is no error.
    pub fn relay(self, source: IncomingBody) -> Result<(), ErrorCode> {
        let mut wanted = true;
        let read = each_piece(source, |piece| {
            let poured = self.pour(piece);
            wanted = !matches!(poured, Err(StreamError::Closed));
            poured
        });
        if wanted {
            return self.finish(read?);
        }
        _ = self.finish(None);
        Ok(())
    }

    /// Ends the body.
    pub fn finish(self, trailers: Option<Fields>) -> Result<(), ErrorCode> {
        drop(self.stream);
        OutgoingBody::finish(self.body, trailers)
    }
}

/// Reads `body` to its end, a piece at a time, and gives its trailers.
pub fn each_piece(
    body: IncomingBody,
    mut then: impl FnMut(&[u8]) -> Result<(), StreamError>,
) -> Result<Option<Fields>, ErrorCode> {
    let stream = body.stream().map_err(|()| internal("the body was already read"))?;
    read_all(&stream, &mut then).map_err(|error| internal(&error.to_string()))?;
    drop(stream);
    let trailers = IncomingBody::finish(body);
    trailers.subscribe().block();
    let trailers = trailers.get().and_then(Result::ok).unwrap_or(Ok(None))?;
    // What came in is immutable; a copy is ours to send. Empty trailers are none.
    Ok(trailers.filter(|fields| !fields.entries().is_empty()).map(|fields| fields.clone()))
}

fn read_all(
    stream: &InputStream,
    then: &mut impl FnMut(&[u8]) -> Result<(), StreamError>,
) -> Result<(), StreamError> {
    loop {
        match stream.blocking_read(READ) {
            Ok(piece) => then(&piece)?,
            Err(StreamError::Closed) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn internal(why: &str) -> ErrorCode {
    ErrorCode::InternalError(Some(why.to_string()))
}
