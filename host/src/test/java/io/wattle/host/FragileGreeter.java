package io.wattle.host;

import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderFactory;
import io.wattle.providers.ProviderLink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider that greets until somebody called {@code crash} or {@code die} comes, and that can be
 * kept from starting.
 */
final class FragileGreeter implements ProviderFactory {
  final AtomicInteger starts = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  volatile boolean mayStart = true;

  @Override
  public String kind() {
    return "fragile";
  }

  @Override
  public Provider start(ProviderContext context) throws LinkException {
    if (!mayStart) {
      throw new LinkException("it may not start yet");
    }
    return new Greeter(starts.incrementAndGet());
  }

  private final class Greeter implements Provider {
    private final int start;
    private volatile boolean dying;

    Greeter(int start) {
      this.start = start;
    }

    @Override
    public List<ProviderExport> exports() {
      return List.of(
          new ProviderExport(
              "wattle:examples/greeter@0.1.0",
              "greet",
              List.of(),
              request -> greet(new ValueDecoder(request.parameters()).string())));
    }

    private CallReply greet(String name) {
      switch (name) {
        case "crash" -> throw new InternalError("somebody came");
        case "die" -> dying = true;
        default -> {}
      }
      ValueEncoder answer = new ValueEncoder();
      answer.string("Hello, " + name + ", from start " + start);
      return CallReply.of(answer.toBytes());
    }

    @Override
    public void putLink(ProviderLink link) {}

    @Override
    public void deleteLink(ProviderLink.Key key) {}

    @Override
    public void updateConfig(Map<String, String> config) {}

    @Override
    public Optional<String> problem() {
      return Optional.empty();
    }

    @Override
    public Optional<String> dead() {
      return dying ? Optional.of("its only thread has ended") : Optional.empty();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
