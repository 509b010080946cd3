package io.wattle.examples.embedding;

import io.wattle.runtime.embed.Embedding;
import io.wattle.runtime.embed.Plugin;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A shop whose price rules are plugins. */
public final class Shop {
  private static final Map<String, Long> CENTS = Map.of("apple", 30L, "pear", 45L);

  private Shop() {}

  /** Runs the price rule of the file named first. */
  public static void main(String[] arguments) throws Exception {
    var catalogue =
        HostInterface.named("wattle:examples/catalogue@0.1.0")
            .function("price", (call, given) -> CENTS.get((String) given[0]))
            .build();
    try (var embedding = Embedding.open();
        Plugin rule = embedding.load(Path.of(arguments[0]), catalogue)) {
      System.out.println(rule.call(Duration.ofSeconds(5), "total", "apple", 12L) + " cents");
      rule.call(Duration.ofMillis(100), "stuck");
    } catch (TrapException e) {
      System.out.println(e.kind() + ": " + e.getMessage());
    }
  }
}
