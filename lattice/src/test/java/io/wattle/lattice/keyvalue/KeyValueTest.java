package io.wattle.lattice.keyvalue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Section 6.7 and example 2 of 6.9: bytes written by hand. */
class KeyValueTest {
  private final CallContext context =
      new CallContext("counter", "default", Deadline.in(Duration.ofSeconds(90)), Map.of());
  private final List<String> wire = new ArrayList<>();
  private final KeyValueClient client = new KeyValueClient(recorded(new MapStore()), "kvredis");

  /** The functions of a store, dispatched by name as a server does; keeps what is said. */
  private CallHandler recorded(KeyValueStore store) {
    List<KeyValueFunctions.Function> functions = KeyValueFunctions.of(store);
    return request -> {
      CallReply reply =
          functions.stream()
              .filter(f -> f.instance().equals(request.target().instance()))
              .filter(f -> f.name().equals(request.target().function()))
              .findFirst()
              .orElseThrow()
              .handler()
              .handle(request);
      wire.add(hex(request.parameters()) + " -> " + hex(reply.results()));
      return reply;
    };
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void theExamples() throws Exception {
    client.set(context, "default", "k1", "v1".getBytes(UTF_8));
    assertThat(client.get(context, "default", "k1").orElseThrow()).isEqualTo("v1".getBytes(UTF_8));
    assertThat(client.get(context, "default", "k2")).isEmpty();
    assertThat(client.increment(context, "default", "n", 1)).isEqualTo(1);
    assertThat(client.increment(context, "default", "n", 300)).isEqualTo(301);
    client.delete(context, "default", "n");
    client.set(context, "default", "k2", new byte[0]);
    assertThat(client.listKeys(context, "default", OptionalLong.empty()))
        .isEqualTo(new KeyValueStore.Keys(List.of("k1", "k2"), OptionalLong.empty()));
    assertThat(wire)
        .containsExactly(
            "0764656661756c74026b31027631 -> 00",
            "0764656661756c74026b31 -> 0001027631",
            "0764656661756c74026b32 -> 0000",
            "0764656661756c74016e01 -> 0001",
            "0764656661756c74016eac02 -> 00ad02",
            "0764656661756c74016e -> 00",
            "0764656661756c74026b3200 -> 00",
            "0764656661756c7400 -> 0002026b31026b3200");
  }

  @Test
  void batches() throws Exception {
    client.setMany(
        context, "b", List.of(Map.entry("x", new byte[] {1}), Map.entry("y", new byte[0])));
    List<Optional<Map.Entry<String, byte[]>>> found =
        client.getMany(context, "b", List.of("y", "z", "x"));
    assertThat(found.get(0).orElseThrow().getKey()).isEqualTo("y");
    assertThat(found.get(1)).isEmpty();
    assertThat(found.get(2).orElseThrow().getValue()).containsExactly(1);
    client.deleteMany(context, "b", List.of("x"));
    assertThat(client.exists(context, "b", "x")).isFalse();
    assertThat(client.exists(context, "b", "y")).isTrue();
    assertThat(wire)
        .containsExactly(
            "01620201780101017900 -> 00",
            "0162030179017a0178 -> 000301017900000101780101",
            "0162010178 -> 00",
            "01620178 -> 0000",
            "01620179 -> 0001");
  }

  @Test
  void errorsAreTheirCase() {
    assertError("missing", KeyValueError.NoSuchStore.NO_SUCH_STORE, "0100");
    assertError("secret", KeyValueError.AccessDenied.ACCESS_DENIED, "0101");
    assertError("broken", new KeyValueError.Other("boom"), "010204626f6f6d");
  }

  private void assertError(String bucket, KeyValueError error, String hex) {
    wire.clear();
    assertThatThrownBy(() -> client.get(context, bucket, "k"))
        .isInstanceOf(KeyValueException.class)
        .extracting(e -> ((KeyValueException) e).error())
        .isEqualTo(error);
    assertThat(wire.getFirst()).endsWith(" -> " + hex);
  }

  @Test
  void whatGoesWrongOnTheWayIsTold() {
    KeyValueClient silent = new KeyValueClient(request -> CallReply.of(new byte[0]), "kv");
    assertThatThrownBy(() -> silent.get(context, "b", "k"))
        .hasMessageContaining("kv wrpc:keyvalue/store@0.2.0-draft.get ended the call");
    KeyValueClient garbage = new KeyValueClient(request -> CallReply.of(new byte[] {7}), "kv");
    assertThatThrownBy(() -> garbage.get(context, "b", "k"))
        .hasMessageContaining("byte 0: result: 7 (expected: 0 (ok) or 1 (err))");
    CallHandler get = KeyValueFunctions.of(new MapStore()).getFirst().handler();
    CallRequest cut =
        new CallRequest(
            new io.wattle.lattice.call.CallTarget("kv", KeyValueFunctions.STORE, "get"),
            context,
            new byte[] {5, 'a'},
            Map.of());
    assertThatThrownBy(() -> get.handle(cut))
        .isInstanceOf(CallException.class)
        .hasMessageContaining("byte 1: string: 1 bytes left (expected: 5 bytes)");
  }

  /** A store in a map. */
  private static final class MapStore implements KeyValueStore {
    private final Map<String, byte[]> values = new TreeMap<>();

    @Override
    public Optional<byte[]> get(CallContext context, String bucket, String key)
        throws KeyValueException {
      switch (bucket) {
        case "missing" -> throw new KeyValueException(KeyValueError.NoSuchStore.NO_SUCH_STORE);
        case "secret" -> throw new KeyValueException(KeyValueError.AccessDenied.ACCESS_DENIED);
        case "broken" -> throw KeyValueException.other("boom");
        default -> {
          return Optional.ofNullable(values.get(key));
        }
      }
    }

    @Override
    public void set(CallContext context, String bucket, String key, byte[] value) {
      values.put(key, value);
    }

    @Override
    public void delete(CallContext context, String bucket, String key) {
      values.remove(key);
    }

    @Override
    public boolean exists(CallContext context, String bucket, String key) {
      return values.containsKey(key);
    }

    @Override
    public Keys listKeys(CallContext context, String bucket, OptionalLong cursor) {
      return new Keys(List.copyOf(values.keySet()), OptionalLong.empty());
    }

    @Override
    public long increment(CallContext context, String bucket, String key, long delta) {
      byte[] before = values.getOrDefault(key, "0".getBytes(UTF_8));
      long after = Long.parseLong(new String(before, UTF_8)) + delta;
      values.put(key, Long.toString(after).getBytes(UTF_8));
      return after;
    }

    @Override
    public List<Optional<Map.Entry<String, byte[]>>> getMany(
        CallContext context, String bucket, List<String> keys) {
      return keys.stream()
          .map(key -> Optional.ofNullable(values.get(key)).map(value -> Map.entry(key, value)))
          .toList();
    }

    @Override
    public void setMany(
        CallContext context, String bucket, List<Map.Entry<String, byte[]>> entries) {
      entries.forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    }

    @Override
    public void deleteMany(CallContext context, String bucket, List<String> keys) {
      keys.forEach(values::remove);
    }
  }
}
