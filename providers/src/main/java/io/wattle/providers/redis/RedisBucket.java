package io.wattle.providers.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.lattice.keyvalue.KeyValueStore.Keys;
import io.wattle.wit.io.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** A Redis database as a store sees it. Keys are UTF-8, values and counters Redis strings. */
final class RedisBucket {
  private static final String PAGE = "1000";

  private final RedisPool redis;
  private final RedisCounter counter;

  RedisBucket(RedisPool redis) {
    this.redis = redis;
    this.counter = new RedisCounter(redis);
  }

  Optional<byte[]> get(Deadline deadline, String key)
      throws KeyValueException, InterruptedException {
    return redis.run(
        "get " + key,
        deadline,
        true,
        connection -> {
          connection.sendCommand(Command.GET, bytes(key));
          return Optional.ofNullable(connection.getBinaryBulkReply());
        });
  }

  void set(Deadline deadline, String key, byte[] value)
      throws KeyValueException, InterruptedException {
    var _ =
        redis.run(
            "set " + key,
            deadline,
            true,
            connection -> {
              connection.sendCommand(Command.SET, bytes(key), value);
              return connection.getStatusCodeReply();
            });
  }

  boolean exists(Deadline deadline, String key) throws KeyValueException, InterruptedException {
    return redis.run("exists " + key, deadline, true, c -> integer(c, Command.EXISTS, bytes(key)))
        > 0;
  }

  void delete(Deadline deadline, List<String> keys) throws KeyValueException, InterruptedException {
    if (!keys.isEmpty()) {
      byte[][] all = keys.stream().map(RedisBucket::bytes).toArray(byte[][]::new);
      var _ = redis.run("delete " + some(keys), deadline, true, c -> integer(c, Command.DEL, all));
    }
  }

  /**
   * A page of {@code SCAN}: what was there from the first page to the last is told; what comes or
   * goes meanwhile may or may not be.
   */
  Keys keys(Deadline deadline, OptionalLong from) throws KeyValueException, InterruptedException {
    Set<String> page = new LinkedHashSet<>();
    String cursor = Long.toUnsignedString(from.orElse(0));
    do {
      String at = cursor;
      List<Object> answer =
          redis.run(
              "list keys",
              deadline,
              true,
              connection -> {
                connection.sendCommand(Command.SCAN, at, "COUNT", PAGE);
                return connection.getObjectMultiBulkReply();
              });
      cursor = text(answer.get(0));
      for (Object key : (List<?>) answer.get(1)) {
        page.add(text(key));
      }
    } while (page.isEmpty() && !cursor.equals("0"));
    return new Keys(
        List.copyOf(page),
        cursor.equals("0")
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseUnsignedLong(cursor)));
  }

  long increment(Deadline deadline, String key, long delta)
      throws KeyValueException, InterruptedException {
    return counter.add(deadline, key, delta);
  }

  List<Optional<Map.Entry<String, byte[]>>> getMany(Deadline deadline, List<String> keys)
      throws KeyValueException, InterruptedException {
    if (keys.isEmpty()) {
      return List.of();
    }
    byte[][] all = keys.stream().map(RedisBucket::bytes).toArray(byte[][]::new);
    List<byte[]> values =
        redis.run(
            "get " + some(keys),
            deadline,
            true,
            connection -> {
              connection.sendCommand(Command.MGET, all);
              return connection.getBinaryMultiBulkReply();
            });
    List<Optional<Map.Entry<String, byte[]>>> found = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      found.add(Optional.ofNullable(values.get(i)).map(value -> Map.entry(key, value)));
    }
    return found;
  }

  void setMany(Deadline deadline, List<Map.Entry<String, byte[]>> entries)
      throws KeyValueException, InterruptedException {
    if (entries.isEmpty()) {
      return;
    }
    List<byte[]> all = new ArrayList<>(2 * entries.size());
    for (Map.Entry<String, byte[]> entry : entries) {
      all.add(bytes(entry.getKey()));
      all.add(entry.getValue());
    }
    var _ =
        redis.run(
            "set " + some(entries.stream().map(Map.Entry::getKey).toList()),
            deadline,
            true,
            connection -> {
              connection.sendCommand(Command.MSET, all.toArray(byte[][]::new));
              return connection.getStatusCodeReply();
            });
  }

  static long integer(Connection connection, Command command, byte[]... arguments) {
    connection.sendCommand(command, arguments);
    return connection.getIntegerReply();
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }

  private static String some(List<String> keys) {
    return keys.getFirst() + (keys.size() == 1 ? "" : " and " + (keys.size() - 1) + " more");
  }
}
