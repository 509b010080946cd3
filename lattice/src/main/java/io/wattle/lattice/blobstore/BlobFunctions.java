package io.wattle.lattice.blobstore;

import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.value.MalformedValueException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A store as functions that can be served, locally or over NATS. */
public final class BlobFunctions {
  /** The instance on the wire. */
  public static final String BLOBSTORE = "wrpc:blobstore/blobstore@0.2.0";

  private BlobFunctions() {}

  /** One function: its name, streams among its parameters, and what answers it. */
  public record Function(String name, List<AsyncShape> parameters, CallHandler handler) {
    public Function {
      parameters = List.copyOf(parameters);
    }
  }

  /** What a function does: reads its parameters to the end, acts, and writes its result. */
  @FunctionalInterface
  private interface Body {
    void run(CallContext context, ValueDecoder in, Answer out)
        throws BlobException, CallException, InterruptedException;
  }

  /** A result, and what accompanies it on both ways. */
  private record Answer(
      ValueEncoder values,
      Map<List<Integer>, AsyncValue> given,
      Map<List<Integer>, AsyncValue> async) {}

  /** All functions of a store. */
  public static List<Function> of(BlobStore store) {
    return List.of(
        plain("clear-container", (call, in, out) -> store.clear(call, lastText(in))),
        plain(
            "container-exists",
            (call, in, out) -> out.values().bool(store.exists(call, lastText(in)))),
        plain("create-container", (call, in, out) -> store.create(call, lastText(in))),
        plain("delete-container", (call, in, out) -> store.delete(call, lastText(in))),
        plain(
            "get-container-info",
            (call, in, out) -> out.values().u64(store.created(call, lastText(in)))),
        plain("list-container-objects", (call, in, out) -> list(store, call, in, out)),
        plain(
            "copy-object",
            (call, in, out) -> {
              ObjectId from = BlobCodec.readId(in);
              store.copy(call, from, lastId(in));
            }),
        plain(
            "move-object",
            (call, in, out) -> {
              ObjectId from = BlobCodec.readId(in);
              store.move(call, from, lastId(in));
            }),
        plain(
            "delete-object",
            (call, in, out) -> {
              ObjectId id = lastId(in);
              store.deleteObjects(call, id.container(), List.of(id.object()));
            }),
        plain(
            "delete-objects",
            (call, in, out) -> {
              String container = in.string();
              List<String> objects = in.strings();
              in.end();
              store.deleteObjects(call, container, objects);
            }),
        plain("has-object", (call, in, out) -> out.values().bool(store.has(call, lastId(in)))),
        plain(
            "get-object-info",
            (call, in, out) -> {
              ObjectInfo info = store.info(call, lastId(in));
              out.values().u64(info.createdAt());
              out.values().u64(info.size());
            }),
        plain("get-container-data", (call, in, out) -> read(store, call, in, out)),
        new Function(
            "write-container-data",
            List.of(BlobCodec.WRITTEN_SHAPE),
            request -> answer(request, (call, in, out) -> write(store, call, in, out))));
  }

  private static void list(BlobStore store, CallContext call, ValueDecoder in, Answer out)
      throws BlobException, CallException, InterruptedException {
    String container = in.string();
    OptionalLong limit = in.optionalU64();
    OptionalLong offset = in.optionalU64();
    in.end();
    byte[] names = BlobCodec.nameChunks(store.list(call, container, limit, offset));
    out.values().pending();
    out.values().pending();
    out.async()
        .put(BlobCodec.STREAM, new AsyncValue.Future(CompletableFuture.completedFuture(names)));
    out.async()
        .put(
            BlobCodec.STREAM_OUTCOME,
            new AsyncValue.Future(
                CompletableFuture.completedFuture(BlobCodec.outcome(java.util.Optional.empty()))));
  }

  private static void read(BlobStore store, CallContext call, ValueDecoder in, Answer out)
      throws BlobException, CallException, InterruptedException {
    ObjectId id = BlobCodec.readId(in);
    long start = in.u64();
    long end = in.u64();
    in.end();
    BlobStore.Reading reading = store.read(call, id, start, end);
    out.values().pending();
    out.values().pending();
    out.async().put(BlobCodec.STREAM, new AsyncValue.ByteStream(reading.bytes()));
    out.async()
        .put(
            BlobCodec.STREAM_OUTCOME,
            new AsyncValue.Future(reading.outcome().thenApply(BlobCodec::outcome)));
  }

  private static void write(BlobStore store, CallContext call, ValueDecoder in, Answer out)
      throws BlobException, CallException, InterruptedException {
    ObjectId id = BlobCodec.readId(in);
    java.util.Optional<byte[]> whole = in.inlineStream();
    in.end();
    BytePipe bytes;
    if (whole.isPresent()) {
      bytes = BytePipe.of(whole.get());
    } else if (out.given().get(BlobCodec.WRITTEN) instanceof AsyncValue.ByteStream(BytePipe pipe)) {
      bytes = pipe;
    } else {
      throw new MalformedValueException("data: pending, but no stream came with the call");
    }
    try {
      CompletableFuture<byte[]> outcome =
          store.write(call, id, bytes).thenApply(BlobCodec::outcome);
      out.values().pending();
      out.async().put(BlobCodec.WRITE_OUTCOME, new AsyncValue.Future(outcome));
    } catch (BlobException | CallException e) {
      bytes.abort(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private static String lastText(ValueDecoder in) {
    String text = in.string();
    in.end();
    return text;
  }

  private static ObjectId lastId(ValueDecoder in) {
    ObjectId id = BlobCodec.readId(in);
    in.end();
    return id;
  }

  private static Function plain(String name, Body body) {
    return new Function(name, List.of(), request -> answer(request, body));
  }

  private static CallReply answer(CallRequest request, Body body)
      throws CallException, InterruptedException {
    Answer out = new Answer(new ValueEncoder(), request.async(), new HashMap<>());
    out.values().result(true);
    try {
      body.run(request.context(), new ValueDecoder(request.parameters()), out);
    } catch (BlobException e) {
      out.values().reset();
      out.async().clear();
      out.values().result(false);
      out.values().string(String.valueOf(e.getMessage()));
    } catch (MalformedValueException e) {
      throw new CallException(
          CallException.Kind.MALFORMED, request.target() + ": " + e.getMessage(), e);
    }
    return new CallReply(out.values().toBytes(), out.async());
  }
}
