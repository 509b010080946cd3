package io.wattle.host.component;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.keyvalue.KeyValueClient;
import io.wattle.lattice.keyvalue.KeyValueError;
import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.lattice.keyvalue.KeyValueStore;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.HostFunction;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code wasi:keyvalue} store, atomics and batch 0.2.0-draft for one component: buckets are names,
 * every operation is a {@code wrpc:keyvalue} call over the component's link (section 6.7). What
 * goes wrong on the way is the error {@code other}, with its text.
 */
final class KeyValueInterfaces {
  private static final String STORE = "wasi:keyvalue/store@0.2.0-draft";
  private static final String ATOMICS = "wasi:keyvalue/atomics@0.2.0-draft";
  private static final String BATCH = "wasi:keyvalue/batch@0.2.0-draft";

  private final ComponentLinks links;

  private KeyValueInterfaces(ComponentLinks links) {
    this.links = links;
  }

  static List<HostInterface> all(ComponentLinks links) {
    KeyValueInterfaces kv = new KeyValueInterfaces(links);
    return List.of(kv.store(), kv.atomics(), kv.batch());
  }

  /** A bucket as a component has it: what {@code open} gives. */
  static Object bucket(String name) {
    return new Bucket(name);
  }

  private HostInterface store() {
    return HostInterface.named(STORE)
        .resource("bucket")
        .function("open", (call, args) -> Result.ok(bucket((String) args[0])))
        .function(
            "[method]bucket.get",
            on(STORE, (kv, context, bucket, args) -> kv.get(context, bucket, text(args[1]))))
        .function(
            "[method]bucket.set",
            on(
                STORE,
                (kv, context, bucket, args) -> {
                  kv.set(context, bucket, text(args[1]), (byte[]) args[2]);
                  return null;
                }))
        .function(
            "[method]bucket.delete",
            on(
                STORE,
                (kv, context, bucket, args) -> {
                  kv.delete(context, bucket, text(args[1]));
                  return null;
                }))
        .function(
            "[method]bucket.exists",
            on(STORE, (kv, context, bucket, args) -> kv.exists(context, bucket, text(args[1]))))
        .function(
            "[method]bucket.list-keys",
            on(
                STORE,
                (kv, context, bucket, args) -> {
                  Optional<?> cursor = (Optional<?>) args[1];
                  KeyValueStore.Keys keys =
                      kv.listKeys(
                          context,
                          bucket,
                          cursor.isPresent()
                              ? OptionalLong.of((Long) cursor.get())
                              : OptionalLong.empty());
                  return new Object[] {keys.keys(), boxed(keys.cursor())};
                }))
        .build();
  }

  private HostInterface atomics() {
    return HostInterface.named(ATOMICS)
        .function(
            "increment",
            on(
                ATOMICS,
                (kv, context, bucket, args) ->
                    kv.increment(context, bucket, text(args[1]), (Long) args[2])))
        .build();
  }

  private HostInterface batch() {
    return HostInterface.named(BATCH)
        .function(
            "get-many",
            on(
                BATCH,
                (kv, context, bucket, args) ->
                    kv.getMany(context, bucket, texts(args[1])).stream()
                        .map(entry -> entry.map(KeyValueInterfaces::tuple))
                        .toList()))
        .function(
            "set-many",
            on(
                BATCH,
                (kv, context, bucket, args) -> {
                  kv.setMany(context, bucket, entries(args[1]));
                  return null;
                }))
        .function(
            "delete-many",
            on(
                BATCH,
                (kv, context, bucket, args) -> {
                  kv.deleteMany(context, bucket, texts(args[1]));
                  return null;
                }))
        .build();
  }

  private HostFunction on(String instance, Operation operation) {
    return (call, args) -> {
      try {
        return Result.ok(run(call, instance, operation, args));
      } catch (CallException e) {
        return Result.err(error(new KeyValueError.Other(String.valueOf(e.getMessage()))));
      } catch (KeyValueException e) {
        return Result.err(error(e.error()));
      }
    };
  }

  private @Nullable Object run(HostCall call, String instance, Operation operation, Object[] args)
      throws CallException, KeyValueException, InterruptedException {
    ComponentLinks.Route route = links.route(call.task(), instance);
    KeyValueClient client = new KeyValueClient(links.calls(), route.target());
    return operation.run(client, route.context(), ((Bucket) args[0]).name(), args);
  }

  private static Variant error(KeyValueError error) {
    return switch (error) {
      case KeyValueError.NoSuchStore none -> new Variant(0, null);
      case KeyValueError.AccessDenied denied -> new Variant(1, null);
      case KeyValueError.Other(String text) -> new Variant(2, text);
    };
  }

  private static String text(Object argument) {
    return (String) argument;
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  private static List<Map.Entry<String, byte[]>> entries(Object list) {
    List<Map.Entry<String, byte[]>> entries = new ArrayList<>();
    for (Object tuple : (List<?>) list) {
      Object[] pair = (Object[]) tuple;
      entries.add(Map.entry((String) pair[0], (byte[]) pair[1]));
    }
    return entries;
  }

  private static Object tuple(Map.Entry<String, byte[]> entry) {
    return new Object[] {entry.getKey(), entry.getValue()};
  }

  private static Optional<Long> boxed(OptionalLong cursor) {
    return cursor.isPresent() ? Optional.of(cursor.getAsLong()) : Optional.empty();
  }

  /** A bucket, which exists as soon as it is named. */
  private record Bucket(String name) {}

  /** One function of the interfaces, after link and bucket were found. */
  @FunctionalInterface
  private interface Operation {
    @Nullable Object run(KeyValueStore kv, CallContext context, String bucket, Object[] args)
        throws KeyValueException, InterruptedException;
  }
}
