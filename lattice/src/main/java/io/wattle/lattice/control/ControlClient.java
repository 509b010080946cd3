package io.wattle.lattice.control;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.nats.client.impl.Headers;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks hosts. Every method waits for the answer at most the connection's request timeout (scatter/
 * gather: the given window) and throws {@link LatticeException}: {@code NO_RESPONDERS} when no such
 * host listens, {@code TIMEOUT} when it is silent, {@code REFUSED} with the host's message. The
 * text answers are the hosts' messages, often empty.
 */
public final class ControlClient {
  private static final byte[] EMPTY = new byte[0];

  private final LatticeConnection connection;
  private final ControlSubjects subjects;
  private final Duration timeout;
  private final Headers by;

  public ControlClient(LatticeConnection connection) {
    this.connection = connection;
    this.subjects = new ControlSubjects(connection.options().controlPrefix(), connection.lattice());
    this.timeout = connection.options().requestTimeout();
    this.by = Requester.headers(connection);
  }

  /** The hosts that answer within {@code window}. */
  public List<HostInfo> pingHosts(Duration window) throws InterruptedException {
    return pingHosts(window, Set.of());
  }

  /** As above, but ends as soon as all of {@code expected} (ids, may be empty) have answered. */
  public List<HostInfo> pingHosts(Duration window, Set<String> expected)
      throws InterruptedException {
    Set<String> missing = new HashSet<>(expected);
    return Gather.all(
        connection,
        subjects.hostPing(),
        EMPTY,
        window,
        HostInfo.class,
        (host, count) -> missing.remove(host.id()) && missing.isEmpty());
  }

  /**
   * The hosts that answer: waits within {@code window} for those that are {@code known}, and for
   * others until none has answered for {@code quiet}. With none known this is {@link
   * #pingHosts(Duration)}.
   */
  public List<HostInfo> pingHosts(Duration window, Set<String> known, Duration quiet)
      throws InterruptedException {
    Set<String> missing = new HashSet<>(known);
    return Gather.all(
        connection,
        subjects.hostPing(),
        EMPTY,
        () -> known.isEmpty() || !missing.isEmpty() ? window : quiet,
        window,
        HostInfo.class,
        (host, count) -> {
          missing.remove(host.id());
          return false;
        });
  }

  /** A host's inventory. */
  public HostInventory inventory(String host) throws InterruptedException {
    return inventory(host, timeout);
  }

  /** A host's inventory, waiting for it at most {@code timeout}. */
  public HostInventory inventory(String host, Duration timeout) throws InterruptedException {
    String subject = subjects.hostGet(host);
    JsonNode answer = ask(subject, EMPTY, timeout);
    return Json.read(response(subject, answer), HostInventory.class, subject);
  }

  /** Stops a host; {@code deadline} is what it has for it. */
  public String stopHost(String host, Duration deadline) throws InterruptedException {
    return text(subjects.hostStop(host), new StopHost(host, deadline.toMillis(), false));
  }

  /**
   * Stops a host that says goodbye at once and then finishes what runs; a host that is not ours
   * stops as always.
   */
  public String drainHost(String host, Duration deadline) throws InterruptedException {
    return text(subjects.hostStop(host), new StopHost(host, deadline.toMillis(), true));
  }

  /** Sets a label. */
  public String putLabel(String host, String key, String value) throws InterruptedException {
    return text(subjects.labelPut(host), Map.of("key", key, "value", value));
  }

  /** Removes a label. */
  public String deleteLabel(String host, String key) throws InterruptedException {
    return text(subjects.labelDel(host), Map.of("key", key));
  }

  /** Bids within {@code window}; ends as soon as {@code enough} hosts have bid. */
  public List<ComponentAuctionAck> auction(ComponentAuction auction, Duration window, int enough)
      throws InterruptedException {
    return Gather.all(
        connection,
        subjects.componentAuction(),
        Json.write(auction),
        window,
        ComponentAuctionAck.class,
        (ack, count) -> count >= enough);
  }

  /** Bids within {@code window}; ends as soon as {@code enough} hosts have bid. */
  public List<ProviderAuctionAck> auction(ProviderAuction auction, Duration window, int enough)
      throws InterruptedException {
    return Gather.all(
        connection,
        subjects.providerAuction(),
        Json.write(auction),
        window,
        ProviderAuctionAck.class,
        (ack, count) -> count >= enough);
  }

  /** Starts, scales or stops a component; the outcome comes as an event. */
  public String scale(String host, ScaleComponent request) throws InterruptedException {
    return text(subjects.componentScale(host), request);
  }

  /**
   * Has a component compiled ahead; nobody's answer is awaited, the inventory tells. Only Wattle
   * hosts understand it.
   */
  public void prepare(String host, String image) {
    connection.publish(subjects.componentPrepare(host), Json.write(Map.of("component_ref", image)));
  }

  /** Replaces a component's code; the outcome comes as an event. */
  public String update(String host, UpdateComponent request) throws InterruptedException {
    return text(subjects.componentUpdate(host), request);
  }

  /** Starts a provider; the outcome comes as an event. */
  public String startProvider(String host, StartProvider request) throws InterruptedException {
    return text(subjects.providerStart(host), request);
  }

  /** Stops a provider. */
  public String stopProvider(String host, StopProvider request) throws InterruptedException {
    return text(subjects.providerStop(host), request);
  }

  /** Stores a link; refused when the same link leads elsewhere. */
  public String putLink(Link link) throws InterruptedException {
    return text(subjects.linkPut(), link);
  }

  /** Stores a link in the place of those in conflict; only Wattle hosts understand it. */
  public String replaceLink(Link link) throws InterruptedException {
    Map<String, JsonNode> extra = new HashMap<>(link.extra());
    extra.put(ControlServer.REPLACE, BooleanNode.TRUE);
    return text(
        subjects.linkPut(),
        new Link(
            link.sourceId(),
            link.target(),
            link.name(),
            link.witNamespace(),
            link.witPackage(),
            link.interfaces(),
            link.sourceConfig(),
            link.targetConfig(),
            extra));
  }

  /** Removes a link. */
  public String deleteLink(LinkKey key) throws InterruptedException {
    return text(subjects.linkDel(), key);
  }

  /** The links the answering host knows. */
  public List<Link> links() throws InterruptedException {
    String subject = subjects.linkGet();
    JsonNode links = response(subject, ask(subject, EMPTY, timeout));
    return List.of(Json.read(links, Link[].class, subject));
  }

  /** Stores a config. */
  public String putConfig(String name, Map<String, String> values) throws InterruptedException {
    return text(subjects.configPut(name), values);
  }

  /** Removes a config. */
  public String deleteConfig(String name) throws InterruptedException {
    return message(subjects.configDel(name), EMPTY);
  }

  /** Reads a config. */
  public Optional<Map<String, String>> config(String name) throws InterruptedException {
    String subject = subjects.configGet(name);
    @Nullable JsonNode response = ask(subject, EMPTY, timeout).get("response");
    return response == null || response.isNull()
        ? Optional.empty()
        : Optional.of(
            Json.read(Json.write(response), new TypeReference<Map<String, String>>() {}, subject));
  }

  /** The claims the answering host knows. */
  public List<Map<String, String>> claims() throws InterruptedException {
    String subject = subjects.claimsGet();
    JsonNode response = response(subject, ask(subject, EMPTY, timeout));
    return Json.read(
        Json.write(response), new TypeReference<List<Map<String, String>>>() {}, subject);
  }

  /** Gives all hosts credentials for registries; nobody's answer is awaited. */
  public void putRegistries(Map<String, RegistryCredential> credentials) {
    connection.publish(subjects.registryPut(), Json.write(credentials));
  }

  private String text(String subject, Object body) throws InterruptedException {
    return message(subject, Json.write(body));
  }

  private String message(String subject, byte[] body) throws InterruptedException {
    return ask(subject, body, timeout).path("message").asText("");
  }

  /** Asks; an answer without success is an exception. */
  private JsonNode ask(String subject, byte[] body, Duration timeout) throws InterruptedException {
    JsonNode answer = Json.tree(connection.request(subject, by, body, timeout), subject);
    if (!answer.path("success").asBoolean(false)) {
      throw new LatticeException(
          LatticeException.Kind.REFUSED,
          answer.path("message").asText("refused on " + subject + " without a reason"));
    }
    return answer;
  }

  private static JsonNode response(String subject, JsonNode answer) {
    @Nullable JsonNode response = answer.get("response");
    if (response == null || response.isNull()) {
      throw new LatticeException(
          LatticeException.Kind.MALFORMED, subject + ": no response (expected: one)");
    }
    return response;
  }
}
