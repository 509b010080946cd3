package io.wattle.lattice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.impl.ReaderDispatchers;
import io.wattle.lattice.testing.NatsForTests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers on the thread that reads the connection. */
class ReaderDispatchersTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
  private final Set<Thread> threads = new HashSet<>();

  private Dispatcher listen(Connection nats, String subject) {
    ReaderDispatchers.OnReader handler =
        message -> {
          threads.add(Thread.currentThread());
          String text = new String(message.getData(), US_ASCII);
          taken.add(text);
          switch (text) {
            case "exception" -> throw new IllegalStateException("meant");
            case "error" -> throw new StackOverflowError("meant");
            default -> {}
          }
        };
    return nats.createDispatcher(handler).subscribe(subject);
  }

  @Test
  void oneThreadTakesAllInOrderWhateverAHandlerThrows() throws Exception {
    LatticeConnection connection = NATS.connect();
    String subject = NATS.lattice() + ".reader";
    listen(connection.nats(), subject);
    listen(connection.nats(), subject + ".other");
    List<String> sent = List.of("a", "exception", "b", "error", "c");
    for (String text : sent) {
      connection.nats().publish(subject, text.getBytes(US_ASCII));
    }
    connection.nats().publish(subject + ".other", "d".getBytes(US_ASCII));
    List<String> got = new ArrayList<>();
    for (int i = 0; i < sent.size() + 1; i++) {
      got.add(taken.poll(30, TimeUnit.SECONDS));
    }
    assertThat(got).startsWith(sent.toArray(String[]::new)).endsWith("d");
    assertThat(threads).hasSize(1);
    assertThat(connection.state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void whatWasSentBeforeADrainIsTakenWhenItIsDone() throws Exception {
    LatticeConnection connection = NATS.connect();
    String subject = NATS.lattice() + ".drained";
    Dispatcher dispatcher = listen(connection.nats(), subject);
    for (int i = 0; i < 1000; i++) {
      connection.nats().publish(subject, new byte[] {'x'});
    }
    assertThat(dispatcher.drain(Duration.ofSeconds(30)).get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(taken).hasSize(1000);
    assertThat(dispatcher.isActive()).isFalse();
    connection.nats().publish(subject, new byte[] {'y'});
    connection.flush(Duration.ofSeconds(30));
    assertThat(taken).hasSize(1000);
  }
}
