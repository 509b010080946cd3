package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.AsyncShapes;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.lattice.wrpc.WrpcClient;
import io.wattle.lattice.wrpc.WrpcServer;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A call through components on two hosts to one that does not answer: what its caller decides
 * reaches the far end.
 */
class NestedCallsTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  private static final String GREETER = "wattle:examples/greeter@0.1.0";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private WrpcServer end;
  private WrpcClient client;

  NestedCallsTest() {
    super(NATS);
  }

  @BeforeEach
  void serve() throws Exception {
    Host first = lattice.host();
    Host second = lattice.host();
    end = WrpcServer.open(lattice.connection);
    client = WrpcClient.open(lattice.connection, AsyncShapeResolver.standard());
    end.serve("end", GREETER, "greet", AsyncShapes.NONE, this::sleep);
    lattice.control.putLink(greeting("near", "far"));
    lattice.control.putLink(greeting("far", "end"));
    lattice.scale(first, "near", "greeter-by-name", 5);
    lattice.scale(second, "far", "greeter-by-name", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    client.close();
    end.close();
  }

  private static Link greeting(String source, String target) {
    return Link.of(source, target, "wattle", "examples", "greeter").withName("on");
  }

  private CallReply sleep(CallRequest request) throws InterruptedException {
    heard.add(request.context().deadline().left());
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      heard.add("interrupted");
      throw e;
    }
    return CallReply.of(new byte[0]);
  }

  private Future<CallReply> call(Duration within) {
    ValueEncoder name = new ValueEncoder();
    name.string("on"); // each of them greets through its link of this name
    CallContext context = new CallContext("test", "default", Deadline.in(within), Map.of());
    CallTarget near = new CallTarget("near", GREETER, "greet");
    return threads.submit(
        () -> client.handle(new CallRequest(near, context, name.toBytes(), Map.of())));
  }

  @Test
  void theDeadlineAndTheCancelOfTheFirstCallerReachTheLastCallee() throws Exception {
    Future<CallReply> given = call(Duration.ofSeconds(30));
    assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Duration.class,
            left -> assertThat(left).isPositive().isLessThan(Duration.ofSeconds(30)));
    given.cancel(true);
    assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("interrupted");

    Future<CallReply> late = call(Duration.ofSeconds(3));
    assertThatThrownBy(() -> late.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.kind()).isEqualTo(CallException.Kind.TIMEOUT));
    // on a machine that stands still it may not have been reached at all
    await().atMost(PATIENCE).until(() -> end.inFlight() == 0);
    assertThat(heard.stream().filter("interrupted"::equals).count())
        .isEqualTo(heard.stream().filter(Duration.class::isInstance).count());
  }
}
