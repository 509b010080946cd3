package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two more hostile guests than there are cores, at once: each ends its own invocation, and nobody
 * else notices.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("Its guests take all processors.")
final class HostileGuestsTest {
  /** On larger machines not more, or they would not fit into the memory together. */
  private static final int AT_ONCE = Math.min(Runtime.getRuntime().availableProcessors(), 4) + 2;

  private static final int WARM_UP = 20;
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final Duration RESPONSIVE = Figures.allowed(Duration.ofSeconds(1));
  private static final Duration ENDED_WITHIN = Figures.allowed(DEADLINE.plusSeconds(8));

  /** The machine may stand still for longer than {@link #DEADLINE}; then it is done once more. */
  private static final int TRIES = 5;

  private static final String FRESH = "global=0 memory=1 table=2 word=0 data=present element=7";

  /** What a guest does, and how its invocation may end. */
  enum Misdeed {
    ENDLESS_LOOP("hostile", "/loop", 504),
    ENDLESS_TAIL_CALL("tailcall", "/", 504),
    ENDLESS_RECURSION("hostile", "/recurse", 500),
    FILL_WITHOUT_END("hostile", "/fill?mb=48&rounds=0", 504),
    FILL_A_GIBIBYTE("hostile", "/fill?mb=1024&rounds=0", 507, 500, 503, 504),
    HOST_CALL_WITHOUT_END("hostile", "/host-sleep", 504),
    HANDLES_WITHOUT_END("hostile", "/handles", 500, 504),
    HUGE_RANDOM("hostile", "/huge-random", 500),
    BAD_POINTER("hostile", "/bad-pointer", 500),
    OUT_OF_BOUNDS("hostile", "/out-of-bounds", 500),
    TRAP("hostile", "/trap", 500);

    private final String component;
    private final String path;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Integer> ends;

    Misdeed(String component, String path, Integer... ends) {
      this.component = component;
      this.path = path;
      this.ends = List.of(ends);
    }
  }

  private final Map<String, Integer> ports = new TreeMap<>();
  private Wattle wattle;
  private Up up;

  @BeforeAll
  void start() throws Exception {
    wattle = Wattle.withHeap("768m");
    List<Integer> free = Ports.free(4);
    List<String> names = List.of("hostile", "tailcall", "state", "hello");
    names.forEach(name -> ports.put(name, free.get(names.indexOf(name))));
    Map<String, Object> values = new TreeMap<>(ports);
    values.put("instances", AT_ONCE);
    up =
        wattle.up(
            "--max-execution-time-ms",
            Long.toString(DEADLINE.toMillis()),
            Manifests.write(wattle.folder(), "hostile.yaml", values));
    for (int i = 0; i < WARM_UP; i++) {
      Web.get(up.livez()).is(200);
      answered("hello", "/");
    }
  }

  @AfterAll
  void stop() throws Exception {
    wattle.close();
  }

  private String url(String component, String path) {
    return "http://127.0.0.1:" + ports.get(component) + path;
  }

  @ParameterizedTest
  @EnumSource
  void endsItsOwnInvocationOnly(Misdeed misdeed) throws Exception {
    try (Prober prober = new Prober(RESPONSIVE, up.livez(), url("hello", "/"))) {
      List<Web.Reply> replies = endings(misdeed);
      for (Web.Reply reply : replies) {
        assertThat(reply.status()).as(reply::toString).isIn(misdeed.ends);
        assertThat(reply.body().strip()).as("the cause").hasSizeGreaterThan(20);
        assertThat(reply.body()).as("the cause").doesNotContain("\tat ");
      }
      worksAsBefore(misdeed.component);
      Proved.that(
          "%d x %s: %s; meanwhile %s", AT_ONCE, misdeed, endings(replies), prober.assertGood());
    }
  }

  @Test
  void memoryThatIsLegalAloneButTooMuchTogether() throws Exception {
    try (Prober prober = new Prober(RESPONSIVE, up.livez(), url("hello", "/"))) {
      List<Web.Reply> replies = List.of();
      for (int tried = 0; tried < TRIES && noneIsBusy(replies); tried++) {
        replies = Web.atOnce(AT_ONCE, url("hostile", "/fill?mb=150&rounds=0"), ENDED_WITHIN);
      }
      assertThat(replies).as("together too much").anyMatch(reply -> reply.status() == 503);
      assertThat(replies).allMatch(reply -> List.of(503, 504, 507).contains(reply.status()));
      worksAsBefore("hostile");
      answered("hostile", "/fill?mb=150&rounds=1");
      Proved.that("%d x 150 MiB: %s; meanwhile %s", AT_ONCE, endings(replies), prober.assertGood());
    }
  }

  private static boolean noneIsBusy(List<Web.Reply> replies) {
    return replies.stream().noneMatch(reply -> reply.status() == 503);
  }

  /** Those of the misdeed at once; what only stood still is done once more. */
  private List<Web.Reply> endings(Misdeed misdeed) {
    List<Web.Reply> replies = List.of();
    for (int tried = 0; tried < TRIES; tried++) {
      replies = Web.atOnce(AT_ONCE, url(misdeed.component, misdeed.path), ENDED_WITHIN);
      if (replies.stream().allMatch(reply -> misdeed.ends.contains(reply.status()))) {
        return replies;
      }
      assertThat(replies)
          .allMatch(reply -> reply.status() == 504 || misdeed.ends.contains(reply.status()));
    }
    return replies;
  }

  @Test
  void allKindsAtOnce() throws Exception {
    List<Misdeed> kinds =
        List.of(
            Misdeed.ENDLESS_LOOP,
            Misdeed.ENDLESS_RECURSION,
            Misdeed.FILL_WITHOUT_END,
            Misdeed.HOST_CALL_WITHOUT_END,
            Misdeed.ENDLESS_TAIL_CALL,
            Misdeed.TRAP);
    try (Prober prober = new Prober(RESPONSIVE, up.livez(), url("hello", "/"))) {
      List<Web.Reply> replies = together(kinds);
      assertThat(replies).allMatch(reply -> List.of(500, 503, 504).contains(reply.status()));
      worksAsBefore("hostile");
      worksAsBefore("tailcall");
      Proved.that("%s at once: %s; meanwhile %s", kinds, endings(replies), prober.assertGood());
    }
  }

  private List<Web.Reply> together(List<Misdeed> kinds) throws Exception {
    List<Web.Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Callable<List<Web.Reply>>> calls = new ArrayList<>();
      kinds.forEach(kind -> calls.add(() -> once(kind)));
      for (Future<List<Web.Reply>> reply : threads.invokeAll(calls)) {
        replies.addAll(reply.get());
      }
    }
    return replies;
  }

  private List<Web.Reply> once(Misdeed kind) {
    return Web.atOnce(1, url(kind.component, kind.path), ENDED_WITHIN);
  }

  /** All permits are back, the component answers at once, and new instances start equal. */
  private void worksAsBefore(String component) throws Exception {
    if (component.equals("hostile")) {
      assertThat(answered("hostile", "/ok").took()).as("/ok afterwards").isLessThan(RESPONSIVE);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(answered("state", "/").body().strip()).isEqualTo(FRESH);
    }
    await()
        .alias("permits of " + component + " are given back")
        .atMost(RESPONSIVE)
        .untilAsserted(() -> assertThat(inFlight(component)).containsExactly("0.0"));
  }

  /** An answer with 200; 504, which a machine that stands still brings about, is no answer yet. */
  private Web.Reply answered(String component, String path) throws Exception {
    Web.Reply reply = Web.get(url(component, path));
    for (int tried = 1; tried < TRIES && reply.status() == 504; tried++) {
      reply = Web.get(url(component, path));
    }
    return reply.is(200);
  }

  private List<String> inFlight(String component) throws Exception {
    try (Stream<String> lines = Web.get(up.metrics()).is(200).body().lines()) {
      return lines
          .filter(line -> line.startsWith("wattle_component_in_flight{"))
          .filter(line -> line.contains("besieged-" + component + "\""))
          .map(line -> line.substring(line.lastIndexOf(' ') + 1))
          .toList();
    }
  }

  /** How many ended how. */
  private static String endings(List<Web.Reply> replies) {
    return replies.stream()
        .collect(
            Collectors.groupingBy(
                reply -> reply.status() + " " + reply.body().strip(),
                TreeMap::new,
                Collectors.counting()))
        .toString();
  }
}
