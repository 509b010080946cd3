"""Counts the visits of a path, and says when and by which chance."""

from componentize_py_types import Ok
from wit_world.exports import IncomingHandler as Handler
from wit_world.imports import atomics, random, store, wall_clock
from wit_world.imports.types import (
    Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam)


def answer(path: str) -> str:
    name = path[1:] or "default"
    visits = atomics.increment(store.open("default"), name, 1)
    return f"python: visit {visits} of {name} at {wall_clock.now().seconds}, chance {random.get_random_u64():x}\n"


def send(out: ResponseOutparam, text: str) -> None:
    response = OutgoingResponse(Fields.from_list([("content-type", b"text/plain")]))
    body = response.body()
    ResponseOutparam.set(out, Ok(response))
    with body.write() as stream:
        stream.blocking_write_and_flush(text.encode())
    OutgoingBody.finish(body, None)


class IncomingHandler(Handler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        send(response_out, answer(request.path_with_query() or "/"))
