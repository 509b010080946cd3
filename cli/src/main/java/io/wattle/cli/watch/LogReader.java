package io.wattle.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.cli.base.Console;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.watch.LogLine;
import io.wattle.lattice.watch.LogPage;
import io.wattle.lattice.watch.LogRequest;
import io.wattle.lattice.watch.WatchClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks hosts for their lines. */
final class LogReader {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private final WatchClient client;
  private final @Nullable String id;
  private final @Nullable Instant since;
  private final @Nullable Integer tail;
  private final Duration timeout;

  LogReader(
      WatchClient client,
      @Nullable String id,
      @Nullable Instant since,
      @Nullable Integer tail,
      Duration timeout) {
    this.client = client;
    this.id = id;
    this.since = since;
    this.tail = tail;
    this.timeout = timeout;
  }

  /**
   * A line and who told it.
   *
   * @param host friendly name
   */
  record Heard(String host, LogLine line) {
    String text() {
      return TIME.format(line.time())
          + " "
          + host
          + " "
          + String.format("%-5s", line.level())
          + " "
          + (line.id() == null ? "" : line.id() + " ")
          + line.source()
          + ": "
          + line.text();
    }

    JsonNode json() {
      ObjectNode json = Json.mapper().createObjectNode().put("host", host);
      json.setAll((ObjectNode) Json.mapper().valueToTree(line));
      return json;
    }
  }

  /** What is there; nothing, with a word about it, when the host keeps no lines. */
  LogPage first(HostInfo host, Console console) throws InterruptedException {
    try {
      return ask(host, new LogRequest(id, null, since, tail, 0));
    } catch (LatticeException e) {
      if (e.kind() != LatticeException.Kind.NO_RESPONDERS) {
        throw e;
      }
      console.progress(host.friendlyName() + " keeps no log for others: it is no Wattle host");
      return new LogPage(List.of(), 0, 0);
    }
  }

  /** What came after; waits for it. */
  LogPage next(HostInfo host, long after) throws InterruptedException {
    return ask(host, new LogRequest(id, after, null, null, LogRequest.MAX_WAIT.toMillis()));
  }

  private LogPage ask(HostInfo host, LogRequest request) throws InterruptedException {
    return client.log(host.id(), request, timeout);
  }
}
