package io.wattle.lattice.blobstore;

import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.wrpc.Replies;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.value.MalformedValueException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The store behind the provider {@code targetId}. */
public final class BlobClient implements BlobStore {
  private final CallHandler calls;
  private final String targetId;

  public BlobClient(CallHandler calls, String targetId) {
    this.calls = calls;
    this.targetId = targetId;
  }

  /** Reads what is in a result that is not an error. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(ValueDecoder decoder, Map<List<Integer>, AsyncValue> async)
        throws CallException, InterruptedException;
  }

  @Override
  public void clear(CallContext call, String container)
      throws BlobException, CallException, InterruptedException {
    plain(call, "clear-container", in -> in.string(container));
  }

  @Override
  public boolean exists(CallContext call, String container)
      throws BlobException, CallException, InterruptedException {
    return call(
        call,
        "container-exists",
        in -> in.string(container),
        Map.of(),
        (decoder, async) -> decoder.bool());
  }

  @Override
  public void create(CallContext call, String container)
      throws BlobException, CallException, InterruptedException {
    plain(call, "create-container", in -> in.string(container));
  }

  @Override
  public void delete(CallContext call, String container)
      throws BlobException, CallException, InterruptedException {
    plain(call, "delete-container", in -> in.string(container));
  }

  @Override
  public long created(CallContext call, String container)
      throws BlobException, CallException, InterruptedException {
    return call(
        call,
        "get-container-info",
        in -> in.string(container),
        Map.of(),
        (decoder, async) -> decoder.u64());
  }

  @Override
  public List<String> list(
      CallContext call, String container, OptionalLong limit, OptionalLong offset)
      throws BlobException, CallException, InterruptedException {
    return call(
        call,
        "list-container-objects",
        in -> {
          in.string(container);
          in.optionalU64(limit);
          in.optionalU64(offset);
        },
        Map.of(),
        (decoder, async) -> {
          List<String> whole = decoder.strings();
          if (!whole.isEmpty()) {
            return whole;
          }
          if (async.get(BlobCodec.STREAM)
              instanceof AsyncValue.Future(CompletableFuture<byte[]> chunks)) {
            return BlobCodec.readNameChunks(await(call, chunks));
          }
          throw new MalformedValueException("names: pending, but no stream came with the answer");
        });
  }

  @Override
  public void copy(CallContext call, ObjectId from, ObjectId to)
      throws BlobException, CallException, InterruptedException {
    plain(call, "copy-object", in -> writeTwo(in, from, to));
  }

  @Override
  public void move(CallContext call, ObjectId from, ObjectId to)
      throws BlobException, CallException, InterruptedException {
    plain(call, "move-object", in -> writeTwo(in, from, to));
  }

  private static void writeTwo(ValueEncoder in, ObjectId from, ObjectId to) {
    BlobCodec.writeId(in, from);
    BlobCodec.writeId(in, to);
  }

  @Override
  public void deleteObjects(CallContext call, String container, List<String> objects)
      throws BlobException, CallException, InterruptedException {
    plain(
        call,
        "delete-objects",
        in -> {
          in.string(container);
          in.strings(objects);
        });
  }

  @Override
  public boolean has(CallContext call, ObjectId id)
      throws BlobException, CallException, InterruptedException {
    return call(
        call,
        "has-object",
        in -> BlobCodec.writeId(in, id),
        Map.of(),
        (decoder, async) -> decoder.bool());
  }

  @Override
  public ObjectInfo info(CallContext call, ObjectId id)
      throws BlobException, CallException, InterruptedException {
    return call(
        call,
        "get-object-info",
        in -> BlobCodec.writeId(in, id),
        Map.of(),
        (decoder, async) -> {
          long createdAt = decoder.u64();
          return new ObjectInfo(createdAt, decoder.u64());
        });
  }

  @Override
  public Reading read(CallContext call, ObjectId id, long start, long end)
      throws BlobException, CallException, InterruptedException {
    return call(
        call,
        "get-container-data",
        in -> {
          BlobCodec.writeId(in, id);
          in.u64(start);
          in.u64(end);
        },
        Map.of(),
        (decoder, async) -> {
          Optional<byte[]> whole = decoder.inlineStream();
          CompletableFuture<Optional<String>> outcome =
              BlobCodec.outcome(decoder, async, BlobCodec.STREAM_OUTCOME);
          if (whole.isPresent()) {
            return new Reading(BytePipe.of(whole.get()), outcome);
          }
          if (async.get(BlobCodec.STREAM) instanceof AsyncValue.ByteStream(BytePipe bytes)) {
            return new Reading(bytes, outcome);
          }
          throw new MalformedValueException("data: pending, but no stream came with the answer");
        });
  }

  @Override
  public CompletableFuture<Optional<String>> write(CallContext call, ObjectId id, BytePipe bytes)
      throws BlobException, CallException, InterruptedException {
    return call(
        call,
        "write-container-data",
        in -> {
          BlobCodec.writeId(in, id);
          in.pending();
        },
        Map.of(BlobCodec.WRITTEN, new AsyncValue.ByteStream(bytes)),
        (decoder, async) -> BlobCodec.outcome(decoder, async, BlobCodec.WRITE_OUTCOME));
  }

  private void plain(CallContext call, String function, Consumer<ValueEncoder> parameters)
      throws BlobException, CallException, InterruptedException {
    var _ = call(call, function, parameters, Map.of(), (decoder, async) -> true);
  }

  private <T> T call(
      CallContext call,
      String function,
      Consumer<ValueEncoder> parameters,
      Map<List<Integer>, AsyncValue> given,
      Reader<T> reader)
      throws BlobException, CallException, InterruptedException {
    CallTarget target = new CallTarget(targetId, BlobFunctions.BLOBSTORE, function);
    ValueEncoder encoder = new ValueEncoder();
    parameters.accept(encoder);
    CallReply reply = calls.handle(new CallRequest(target, call, encoder.toBytes(), given));
    Replies.checkNotEmpty(target, reply);
    try {
      ValueDecoder decoder = new ValueDecoder(reply.results());
      if (!decoder.result()) {
        throw new BlobException(decoder.string());
      }
      return reader.read(decoder, reply.async());
    } catch (MalformedValueException e) {
      Replies.discard(reply.async());
      throw new CallException(CallException.Kind.MALFORMED, target + ": " + e.getMessage(), e);
    }
  }

  private static byte[] await(CallContext call, CompletableFuture<byte[]> value)
      throws CallException, InterruptedException {
    try {
      return value.get(Math.max(0, call.deadline().nanosLeft()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new CallException(
          CallException.Kind.TIMEOUT, "the deadline passed while names were read", e);
    } catch (ExecutionException e) {
      throw new CallException(CallException.Kind.LOST, "names broke off: " + e.getCause(), e);
    }
  }
}
