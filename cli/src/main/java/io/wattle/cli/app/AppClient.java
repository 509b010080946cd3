package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ExitCode;
import io.wattle.cli.base.Json;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the control plane over the wadm API ({@code wadm.api.{lattice}.model.*}). */
public final class AppClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 3;

  /** What wadm, and our control plane too, say when their store does not answer. */
  private static final String STORE_AWAY = "Internal storage error";

  private static final Duration ELECTION = Duration.ofSeconds(15);
  private static final long PAUSE_MILLIS = 250;

  private final LatticeConnection lattice;

  /** For the connection's lattice. */
  public AppClient(LatticeConnection lattice) {
    this.lattice = lattice;
  }

  /**
   * Stores a manifest as a new version; the one there is when it is the same.
   *
   * @param replace whether a version of the same name with another content is taken away first
   */
  public JsonNode put(PreparedManifest manifest, boolean replace)
      throws CommandException, InterruptedException {
    JsonNode reply = ask("put", null, manifest.bytes());
    if (!isError(reply)) {
      return reply;
    }
    String version = manifest.manifest().version();
    if (version == null || !message(reply).endsWith("already exists")) {
      throw refused(reply);
    }
    if (!replace) {
      throw refused(reply)
          .hint(
              "It is stored with another content. Change the annotation \"version\" of the"
                  + " manifest, or take its place with --replace.");
    }
    delete(manifest.manifest().name(), version);
    return checked(ask("put", null, manifest.bytes()));
  }

  /** Deploys a version, the newest when it is null; the reply. */
  public JsonNode deploy(String app, @Nullable String version)
      throws CommandException, InterruptedException {
    return found(ask("deploy", app, versionOf(version)));
  }

  JsonNode undeploy(String app) throws CommandException, InterruptedException {
    return found(ask("undeploy", app, new byte[0]));
  }

  JsonNode delete(String app, @Nullable String version)
      throws CommandException, InterruptedException {
    JsonNode reply = checked(ask("del", app, versionOf(version)));
    if (reply.path("result").asText().equals("noop")) {
      throw CommandException.notFound(message(reply));
    }
    return reply;
  }

  JsonNode get(String app, @Nullable String version) throws CommandException, InterruptedException {
    return found(askAgain("get", app, versionOf(version)));
  }

  JsonNode versions(String app) throws CommandException, InterruptedException {
    return found(askAgain("versions", app, new byte[0]));
  }

  /** The names and states of all applications. */
  public JsonNode list() throws CommandException, InterruptedException {
    JsonNode reply = askAgain("list", null, new byte[0]);
    return reply.isArray() ? reply : checked(reply);
  }

  /** How an application stands ({@code Status} of section 3.2). */
  public JsonNode status(String app) throws CommandException, InterruptedException {
    return found(askAgain("status", app, new byte[0])).path("status");
  }

  private static byte[] versionOf(@Nullable String version) {
    return version == null
        ? new byte[0]
        : Json.compact(Map.of("version", version)).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Asks what changes nothing. Several control planes share the questions, so that one of them may
   * be lost with the control plane that took it: then it is asked again.
   */
  private JsonNode askAgain(String operation, @Nullable String app, byte[] body)
      throws CommandException, InterruptedException {
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        return ask(operation, app, body, TIMEOUT.dividedBy(2));
      } catch (LatticeException e) {
        if (e.kind() != LatticeException.Kind.TIMEOUT) {
          throw e;
        }
      }
    }
    return ask(operation, app, body);
  }

  private JsonNode ask(String operation, @Nullable String app, byte[] body)
      throws CommandException, InterruptedException {
    return ask(operation, app, body, TIMEOUT);
  }

  /**
   * Asks, again while the store cannot be reached: where NATS is a cluster, the loss of a server
   * ends with an election, which takes some seconds. Only what may be done twice is asked again.
   */
  private JsonNode ask(String operation, @Nullable String app, byte[] body, Duration timeout)
      throws CommandException, InterruptedException {
    long deadline = System.nanoTime() + ELECTION.toNanos();
    JsonNode reply = askOnce(operation, app, body, timeout);
    while (isError(reply)
        && message(reply).equals(STORE_AWAY)
        && !operation.equals("del")
        && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      reply = askOnce(operation, app, body, timeout);
    }
    return reply;
  }

  private JsonNode askOnce(String operation, @Nullable String app, byte[] body, Duration timeout)
      throws CommandException, InterruptedException {
    String subject =
        "wadm.api." + lattice.lattice() + ".model." + operation + (app == null ? "" : "." + app);
    try {
      return Json.MAPPER.readTree(lattice.request(subject, body, timeout));
    } catch (LatticeException e) {
      if (e.kind() == LatticeException.Kind.NO_RESPONDERS) {
        throw CommandException.of(
                ExitCode.UNREACHABLE, "no control plane listens in lattice " + lattice.lattice())
            .hint("Start one with `wattle up`, or name another lattice with --lattice.")
            .because(e);
      }
      throw e;
    } catch (IOException e) {
      throw CommandException.failed("the control plane's answer cannot be read: " + e.getMessage())
          .because(e);
    }
  }

  private static boolean isError(JsonNode reply) {
    return reply.path("result").asText().equals("error");
  }

  private static String message(JsonNode reply) {
    return reply.path("message").asText();
  }

  private static CommandException refused(JsonNode reply) {
    return CommandException.failed(message(reply));
  }

  private static JsonNode checked(JsonNode reply) throws CommandException {
    if (isError(reply)) {
      throw refused(reply);
    }
    return reply;
  }

  private static JsonNode found(JsonNode reply) throws CommandException {
    if (reply.path("result").asText().equals("notfound")) {
      throw CommandException.notFound(message(reply)).hint("`wattle app list` shows them all.");
    }
    return checked(reply);
  }
}
