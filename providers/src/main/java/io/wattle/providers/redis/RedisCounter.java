package io.wattle.providers.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.wit.io.Deadline;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Increments of counters that are unsigned 64-bit numbers in decimal text. Redis counts with signed
 * ones: {@code INCRBY} as far as these go, beyond them a transaction that fails when somebody else
 * wrote.
 */
final class RedisCounter {
  private final RedisPool redis;

  RedisCounter(RedisPool redis) {
    this.redis = redis;
  }

  long add(Deadline deadline, String key, long delta)
      throws KeyValueException, InterruptedException {
    String what = "increment " + key;
    byte[] name = RedisBucket.bytes(key);
    if (delta >= 0) {
      OptionalLong sum = redis.run(what, deadline, false, c -> small(c, name, delta));
      if (sum.isPresent()) {
        return sum.getAsLong();
      }
    }
    while (!deadline.passed()) {
      Large outcome = redis.run(what, deadline, false, c -> large(c, name, delta));
      switch (outcome) {
        case Large.Sum(long value) -> {
          return value;
        }
        case Large.Refused(String why) -> throw KeyValueException.other(what + ": " + why);
        case Large.Overtaken overtaken -> {
          // again, until the deadline
        }
      }
    }
    throw KeyValueException.other(what + ": too many writers at once");
  }

  /** Empty when Redis cannot do it with signed numbers. */
  private static OptionalLong small(Connection connection, byte[] key, long delta) {
    try {
      return OptionalLong.of(RedisBucket.integer(connection, Command.INCRBY, key, decimal(delta)));
    } catch (JedisDataException e) {
      String text = String.valueOf(e.getMessage());
      if (text.contains("not an integer") || text.contains("would overflow")) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  private static Large large(Connection connection, byte[] key, long delta) {
    connection.sendCommand(Command.WATCH, key);
    connection.getStatusCodeReply();
    connection.sendCommand(Command.GET, key);
    Large wanted = sum(connection.getBinaryBulkReply(), delta);
    if (!(wanted instanceof Large.Sum(long value))) {
      connection.sendCommand(Command.UNWATCH);
      connection.getStatusCodeReply();
      return wanted;
    }
    connection.sendCommand(Command.MULTI);
    connection.getStatusCodeReply();
    connection.sendCommand(Command.SET, key, decimal(value), "KEEPTTL".getBytes(UTF_8));
    connection.getStatusCodeReply();
    connection.sendCommand(Command.EXEC);
    @Nullable List<Object> done = connection.getObjectMultiBulkReply();
    return done == null ? new Large.Overtaken() : wanted;
  }

  private static Large sum(byte @Nullable [] stored, long delta) {
    String text = stored == null ? "0" : new String(stored, UTF_8);
    long before;
    try {
      before = Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
      return new Large.Refused("its value is \"" + shown + "\" (expected: a decimal number)");
    }
    long after = before + delta;
    return Long.compareUnsigned(after, before) < 0
        ? new Large.Refused("the sum is over 64 bits")
        : new Large.Sum(after);
  }

  private static byte[] decimal(long value) {
    return Long.toUnsignedString(value).getBytes(UTF_8);
  }

  private sealed interface Large {
    record Sum(long value) implements Large {}

    record Refused(String why) implements Large {}

    /** Somebody wrote in between; nothing was changed. */
    record Overtaken() implements Large {}
  }
}
