package io.wattle.lattice.keyvalue;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.wrpc.Replies;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.value.MalformedValueException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A store behind calls to a provider. What goes wrong on the way becomes the error {@code other}.
 */
public final class KeyValueClient implements KeyValueStore {
  private final CallHandler calls;
  private final String targetId;

  /** The store that {@code targetId} serves. */
  public KeyValueClient(CallHandler calls, String targetId) {
    this.calls = calls;
    this.targetId = targetId;
  }

  @Override
  public Optional<byte[]> get(CallContext context, String bucket, String key)
      throws KeyValueException, InterruptedException {
    return call(
        context,
        KeyValueFunctions.STORE,
        "get",
        encoder -> place(encoder, bucket, key),
        KeyValueCodec::readOptional);
  }

  @Override
  public void set(CallContext context, String bucket, String key, byte[] value)
      throws KeyValueException, InterruptedException {
    run(
        context,
        KeyValueFunctions.STORE,
        "set",
        encoder -> {
          place(encoder, bucket, key);
          KeyValueCodec.writeBytes(encoder, value);
        });
  }

  @Override
  public void delete(CallContext context, String bucket, String key)
      throws KeyValueException, InterruptedException {
    run(context, KeyValueFunctions.STORE, "delete", encoder -> place(encoder, bucket, key));
  }

  @Override
  public boolean exists(CallContext context, String bucket, String key)
      throws KeyValueException, InterruptedException {
    return call(
        context,
        KeyValueFunctions.STORE,
        "exists",
        encoder -> place(encoder, bucket, key),
        ValueDecoder::bool);
  }

  @Override
  public Keys listKeys(CallContext context, String bucket, OptionalLong cursor)
      throws KeyValueException, InterruptedException {
    return call(
        context,
        KeyValueFunctions.STORE,
        "list-keys",
        encoder -> {
          encoder.string(bucket);
          encoder.optionalU64(cursor);
        },
        KeyValueCodec::readKeys);
  }

  @Override
  public long increment(CallContext context, String bucket, String key, long delta)
      throws KeyValueException, InterruptedException {
    return call(
        context,
        KeyValueFunctions.ATOMICS,
        "increment",
        encoder -> {
          place(encoder, bucket, key);
          encoder.u64(delta);
        },
        ValueDecoder::u64);
  }

  @Override
  public List<Optional<Map.Entry<String, byte[]>>> getMany(
      CallContext context, String bucket, List<String> keys)
      throws KeyValueException, InterruptedException {
    return call(
        context,
        KeyValueFunctions.BATCH,
        "get-many",
        encoder -> {
          encoder.string(bucket);
          encoder.strings(keys);
        },
        KeyValueCodec::readFound);
  }

  @Override
  public void setMany(CallContext context, String bucket, List<Map.Entry<String, byte[]>> entries)
      throws KeyValueException, InterruptedException {
    run(
        context,
        KeyValueFunctions.BATCH,
        "set-many",
        encoder -> {
          encoder.string(bucket);
          KeyValueCodec.writeEntries(encoder, entries);
        });
  }

  @Override
  public void deleteMany(CallContext context, String bucket, List<String> keys)
      throws KeyValueException, InterruptedException {
    run(
        context,
        KeyValueFunctions.BATCH,
        "delete-many",
        encoder -> {
          encoder.string(bucket);
          encoder.strings(keys);
        });
  }

  private static void place(ValueEncoder encoder, String bucket, String key) {
    encoder.string(bucket);
    encoder.string(key);
  }

  private void run(
      CallContext context, String instance, String function, Consumer<ValueEncoder> parameters)
      throws KeyValueException, InterruptedException {
    call(context, instance, function, parameters, decoder -> true);
  }

  private <T> T call(
      CallContext context,
      String instance,
      String function,
      Consumer<ValueEncoder> parameters,
      Function<ValueDecoder, T> results)
      throws KeyValueException, InterruptedException {
    CallTarget target = new CallTarget(targetId, instance, function);
    ValueEncoder encoder = new ValueEncoder();
    parameters.accept(encoder);
    try {
      CallReply reply = calls.handle(new CallRequest(target, context, encoder.toBytes(), Map.of()));
      Replies.checkNotEmpty(target, reply);
      ValueDecoder decoder = new ValueDecoder(reply.results());
      if (!decoder.result()) {
        throw new KeyValueException(KeyValueCodec.readError(decoder));
      }
      T result = results.apply(decoder);
      decoder.end();
      return result;
    } catch (CallException e) {
      throw KeyValueException.other(String.valueOf(e.getMessage()));
    } catch (MalformedValueException e) {
      throw KeyValueException.other(target + ": " + e.getMessage());
    }
  }
}
