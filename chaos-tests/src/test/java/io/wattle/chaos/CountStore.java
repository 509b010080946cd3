package io.wattle.chaos;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.kv.Bucket;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A store of counts, which the test itself looks into. */
sealed interface CountStore {
  /** The image of the provider that leads to it. */
  String image();

  /** The only entry of a link's configuration: its name, and its value. */
  String setting();

  String value();

  void set(String key, long count) throws IOException, InterruptedException;

  /** What it holds of a key, 0 when nothing. */
  long count(String key) throws IOException, InterruptedException;

  /** A bucket of JetStream. */
  record InBucket(Bucket bucket, String value) implements CountStore {
    static InBucket open(LatticeConnection connection, String name) throws InterruptedException {
      return new InBucket(Bucket.open(connection, name, BucketOptions.DEFAULT), name);
    }

    @Override
    public String image() {
      return "ghcr.io/wasmcloud/keyvalue-nats:0.3.1";
    }

    @Override
    public String setting() {
      return "bucket";
    }

    @Override
    public void set(String key, long count) throws InterruptedException {
      bucket.put(key, Long.toString(count).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public long count(String key) throws InterruptedException {
      return bucket
          .get(key)
          .map(held -> Long.parseLong(new String(held.value(), StandardCharsets.UTF_8)))
          .orElse(0L);
    }

    @Override
    public String toString() {
      return "NATS";
    }
  }

  /** A Redis server. */
  record InRedis(RedisServer server) implements CountStore {
    @Override
    public String image() {
      return "ghcr.io/wasmcloud/keyvalue-redis:0.28.1";
    }

    @Override
    public String setting() {
      return "url";
    }

    @Override
    public String value() {
      return server.url();
    }

    @Override
    public void set(String key, long count) throws IOException {
      server.ask("SET", key, Long.toString(count));
    }

    @Override
    public long count(String key) throws IOException {
      String held = server.ask("GET", key);
      return held.equals("(nil)") ? 0 : Long.parseLong(held);
    }

    @Override
    public String toString() {
      return "Redis";
    }
  }
}
