package io.wattle.providers.process;

import com.fasterxml.jackson.core.type.TypeReference;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.InterfaceLinkDefinition;
import io.wattle.lattice.provider.Health;
import io.wattle.lattice.provider.HostData;
import io.wattle.lattice.provider.ProviderSubjects;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.AsyncShapes;
import io.wattle.lattice.wrpc.WrpcClient;
import io.wattle.lattice.wrpc.WrpcServer;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of our providers as a process of its own, under any host that keeps the launch contract:
 * connects as the host said, answers for its health, takes links and configuration one at a time,
 * serves its functions, and ends when that host asks it to (sections 7.3, 7.4).
 */
public final class ProviderProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderProcess.class);
  private static final Duration INVOCATION = Duration.ofSeconds(60);
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration FLUSH = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final HostData host;
  private final LatticeConnection connection;
  private final ProviderSubjects subjects;
  private final LinkDesk links;
  private final Provider provider;
  private final WrpcServer server;
  private final Map<String, InterfaceLinkDefinition> told = new LinkedHashMap<>();
  private final List<Subscription> served = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ScheduledExecutorService commands =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("provider-commands").daemon().factory());

  private ProviderProcess(
      HostData host,
      LatticeConnection connection,
      LinkDesk links,
      Provider provider,
      WrpcServer server) {
    this.host = host;
    this.connection = connection;
    this.links = links;
    this.provider = provider;
    this.server = server;
    this.subjects = new ProviderSubjects(host.latticeRpcPrefix(), host.providerKey());
  }

  /**
   * Runs the provider until its host asks it to end.
   *
   * @throws LatticeException when NATS is not reached
   * @throws LinkException when its configuration does not allow it to start
   */
  public static void run(HostData host, ProviderFactory factory)
      throws LinkException, InterruptedException {
    try (LatticeConnection connection = LatticeConnection.connect(host.connection());
        WrpcClient client = WrpcClient.open(connection, AsyncShapeResolver.standard());
        WrpcServer server = WrpcServer.open(connection)) {
      LinkDesk links = new LinkDesk(host.providerKey());
      try (Provider provider =
          factory.start(
              new ProviderContext(
                  host.providerKey(),
                  host.latticeRpcPrefix(),
                  host.hostId(),
                  host.config(),
                  links.out(client),
                  connection.nats(),
                  new SimpleMeterRegistry(),
                  INVOCATION,
                  DRAIN))) {
        new ProviderProcess(host, connection, links, provider, server).serve();
      }
    }
  }

  private void serve() throws InterruptedException {
    Dispatcher dispatcher = connection.nats().createDispatcher(this::received);
    dispatcher.subscribe(subjects.health());
    dispatcher.subscribe(subjects.shutdown());
    dispatcher.subscribe(subjects.linkPut());
    dispatcher.subscribe(subjects.linkDel());
    dispatcher.subscribe(subjects.configUpdate());
    for (InterfaceLinkDefinition link : host.linkDefinitions()) {
      links.expect(link); // calls may come at once
      commands.execute(() -> guarded(() -> put(link)));
    }
    for (ProviderExport export : provider.exports()) {
      served.add(serve(export));
    }
    connection.flush(FLUSH);
    var _ =
        commands.scheduleWithFixedDelay(
            () -> guarded(() -> links.again(provider, told.values())),
            AGAIN.toMillis(),
            AGAIN.toMillis(),
            TimeUnit.MILLISECONDS);
    LOG.info("provider {} serves {} functions", host.providerKey(), served.size());
    try {
      over.await();
    } finally {
      commands.shutdownNow();
      connection.nats().closeDispatcher(dispatcher);
    }
  }

  private Subscription serve(ProviderExport export) {
    String id = host.providerKey();
    AsyncShapes standard =
        AsyncShapeResolver.standard()
            .shapes(new CallTarget(id, export.instance(), export.function()));
    return server.serve(
        id,
        export.instance(),
        export.function(),
        new AsyncShapes(export.parameters(), standard.results()),
        links.guard(export.instance(), export.handler()));
  }

  private void received(Message message) {
    if (message.getSubject().equals(subjects.health())) {
      // Not behind a link that takes its time.
      reply(message, Json.write(Health.of(provider.problem().or(links::problem))));
      return;
    }
    try {
      commands.execute(() -> guarded(() -> command(message)));
    } catch (RejectedExecutionException e) {
      LOG.debug("not done, the provider ends: {}", message.getSubject());
    }
  }

  private void command(Message message) throws InterruptedException {
    String subject = message.getSubject();
    byte[] body = message.getData();
    if (subject.equals(subjects.linkPut())) {
      put(Json.read(body, InterfaceLinkDefinition.class, "link"));
    } else if (subject.equals(subjects.linkDel())) {
      InterfaceLinkDefinition link = Json.read(body, InterfaceLinkDefinition.class, "link");
      told.remove(key(link));
      links.delete(provider, link);
    } else if (subject.equals(subjects.configUpdate())) {
      provider.updateConfig(Json.read(body, new TypeReference<Map<String, String>>() {}, "config"));
    } else if (isMine(body)) {
      end(message);
    }
  }

  private void put(InterfaceLinkDefinition link) throws InterruptedException {
    told.put(key(link), link);
    links.put(provider, link);
  }

  private boolean isMine(byte[] shutdown) {
    return Json.tree(shutdown, "shutdown").path("host_id").asText("").equals(host.hostId());
  }

  private void end(Message asked) throws InterruptedException {
    LOG.info("provider {} ends, as its host asks", host.providerKey());
    served.forEach(Subscription::close); // what had come in before is answered still
    if (!server.drain(DRAIN)) {
      LOG.warn("calls under way are cut off");
    }
    reply(asked, "shutting down".getBytes(StandardCharsets.UTF_8));
    connection.flush(FLUSH);
    over.countDown();
  }

  private void reply(Message message, byte[] body) {
    if (message.getReplyTo() != null) {
      connection.publish(message.getReplyTo(), body);
    }
  }

  private static String key(InterfaceLinkDefinition link) {
    return String.join(
        " ", link.sourceId(), link.target(), link.name(), link.witNamespace(), link.witPackage());
  }

  private interface Command {
    void run() throws InterruptedException;
  }

  private void guarded(Command command) {
    try {
      command.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) { // the next one may be better
      LOG.warn("skipped: {}", e.getMessage());
    }
  }
}
