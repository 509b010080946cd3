// Counts the visits of a path, and says when and by which chance.
import { Fields, OutgoingBody, OutgoingResponse, ResponseOutparam } from 'wasi:http/types@0.2.2';
import { increment } from 'wasi:keyvalue/atomics@0.2.0-draft';
import { open } from 'wasi:keyvalue/store@0.2.0-draft';
import { now } from 'wasi:clocks/wall-clock@0.2.2';
import { getRandomU64 } from 'wasi:random/random@0.2.2';

const LANGUAGE = 'starlingmonkey';

function answer(path) {
  const name = path.slice(1) || 'default';
  const visits = increment(open('default'), name, 1n);
  return `${LANGUAGE}: visit ${visits} of ${name} at ${now().seconds}, chance ${getRandomU64().toString(16)}\n`;
}

function send(out, status, text) {
  const headers = Fields.fromList([['content-type', new TextEncoder().encode('text/plain')]]);
  const response = new OutgoingResponse(headers);
  response.setStatusCode(status);
  const body = response.body();
  ResponseOutparam.set(out, { tag: 'ok', val: response });
  const stream = body.write();
  stream.blockingWriteAndFlush(new TextEncoder().encode(text));
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
}

export const incomingHandler = {
  handle(request, out) {
    const path = request.pathWithQuery() ?? '/';
    try {
      send(out, 200, answer(path));
    } catch (error) {
      send(out, 503, `${LANGUAGE}: ${JSON.stringify(error.payload ?? String(error))}\n`);
    }
  },
};
