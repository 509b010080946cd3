package io.wattle.lattice.keyvalue;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.value.MalformedValueException;
import java.util.List;

/** A store as functions that can be served, locally or over NATS. */
public final class KeyValueFunctions {
  /** {@code store}. */
  public static final String STORE = "wrpc:keyvalue/store@0.2.0-draft";

  /** {@code atomics}. */
  public static final String ATOMICS = "wrpc:keyvalue/atomics@0.2.0-draft";

  /** {@code batch}. */
  public static final String BATCH = "wrpc:keyvalue/batch@0.2.0-draft";

  private KeyValueFunctions() {}

  /** One function: instance, name, and what answers it. */
  public record Function(String instance, String name, CallHandler handler) {}

  /** What a function does: reads its parameters to the end, acts, and writes its result. */
  @FunctionalInterface
  private interface Body {
    void run(CallContext context, Parameters in, ValueEncoder out)
        throws KeyValueException, InterruptedException;
  }

  /** All functions of a store. */
  public static List<Function> of(KeyValueStore store) {
    return List.of(
        function(
            STORE,
            "get",
            (context, in, out) ->
                KeyValueCodec.writeOptional(out, store.get(context, in.bucket(), in.lastText()))),
        function(
            STORE,
            "set",
            (context, in, out) -> store.set(context, in.bucket(), in.text(), in.lastBytes())),
        function(
            STORE,
            "delete",
            (context, in, out) -> store.delete(context, in.bucket(), in.lastText())),
        function(
            STORE,
            "exists",
            (context, in, out) -> out.bool(store.exists(context, in.bucket(), in.lastText()))),
        function(
            STORE,
            "list-keys",
            (context, in, out) ->
                KeyValueCodec.writeKeys(
                    out, store.listKeys(context, in.bucket(), in.last(ValueDecoder::optionalU64)))),
        function(
            ATOMICS,
            "increment",
            (context, in, out) ->
                out.u64(
                    store.increment(context, in.bucket(), in.text(), in.last(ValueDecoder::u64)))),
        function(
            BATCH,
            "get-many",
            (context, in, out) ->
                KeyValueCodec.writeFound(
                    out, store.getMany(context, in.bucket(), in.last(ValueDecoder::strings)))),
        function(
            BATCH,
            "set-many",
            (context, in, out) ->
                store.setMany(context, in.bucket(), in.last(KeyValueCodec::readEntries))),
        function(
            BATCH,
            "delete-many",
            (context, in, out) ->
                store.deleteMany(context, in.bucket(), in.last(ValueDecoder::strings))));
  }

  private static Function function(String instance, String name, Body body) {
    return new Function(instance, name, request -> answer(request, body));
  }

  private static CallReply answer(CallRequest request, Body body)
      throws CallException, InterruptedException {
    ValueEncoder out = new ValueEncoder();
    out.result(true);
    try {
      body.run(request.context(), new Parameters(new ValueDecoder(request.parameters())), out);
    } catch (KeyValueException e) {
      out.reset();
      out.result(false);
      KeyValueCodec.writeError(out, e.error());
    } catch (MalformedValueException e) {
      throw new CallException(
          CallException.Kind.MALFORMED, request.target() + ": " + e.getMessage(), e);
    }
    return CallReply.of(out.toBytes());
  }

  /** Parameters, which are evaluated in the order they are written in. */
  private record Parameters(ValueDecoder decoder) {
    String bucket() {
      return decoder.string();
    }

    String text() {
      return decoder.string();
    }

    String lastText() {
      return last(ValueDecoder::string);
    }

    byte[] lastBytes() {
      return last(ValueDecoder::bytes);
    }

    <T> T last(java.util.function.Function<ValueDecoder, T> read) {
      T value = read.apply(decoder);
      decoder.end();
      return value;
    }
  }
}
