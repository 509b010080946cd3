package io.wattle.providers.keyvalue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.keyvalue.KeyValueError;
import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.lattice.keyvalue.KeyValueStore;
import io.wattle.providers.LinkException;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What {@code wasi:keyvalue} store, atomics and batch promise, whatever keeps the data. A
 * provider's test extends it and says how its store is reached by a component {@link #SOURCE}
 * linked as {@link #BUCKET}.
 */
public abstract class KeyValueContract {
  protected static final String SOURCE = "counter";
  protected static final String BUCKET = "default";

  /**
   * The store, reached as a component reaches it: through the encoded functions of the provider.
   */
  protected abstract KeyValueStore store() throws Exception;

  /** Who is told of changes, and what it was told: {@code KEY=VALUE}, or {@code KEY gone}. */
  protected final ToldOfChanges told = new ToldOfChanges();

  /**
   * Links the provider, as the source, to the component {@link ToldOfChanges#WATCHER}.
   *
   * @param watch the setting of that name
   */
  protected abstract void watch(String linkName, String watch) throws Exception;

  /** Takes such a link away. */
  protected abstract void unwatch(String linkName) throws Exception;

  protected static CallContext call() {
    return call(SOURCE, Duration.ofSeconds(90));
  }

  protected static CallContext call(String source, Duration left) {
    return new CallContext(source, BUCKET, Deadline.in(left), Map.of());
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void aKeyThatWasNeverSetHasNoValue() throws Exception {
    assertThat(store().get(call(), BUCKET, "nothing")).isEmpty();
    assertThat(store().exists(call(), BUCKET, "nothing")).isFalse();
  }

  @Test
  void whatIsSetIsReadBackUntilItIsSetAgain() throws Exception {
    store().set(call(), BUCKET, "k", bytes("v1"));
    assertThat(store().get(call(), BUCKET, "k")).contains(bytes("v1"));
    store().set(call(), BUCKET, "k", bytes("v2"));
    assertThat(store().get(call(), BUCKET, "k")).contains(bytes("v2"));
    assertThat(store().exists(call(), BUCKET, "k")).isTrue();
  }

  @Test
  void aValueMayBeEmptyOrAnyBytesOrLarge() throws Exception {
    byte[] large = new byte[512 * 1024];
    ThreadLocalRandom.current().nextBytes(large);
    for (byte[] value :
        List.of(new byte[0], new byte[] {0, -1, 127, -128}, bytes("žluťoučký"), large)) {
      store().set(call(), BUCKET, "any", value);
      assertThat(store().get(call(), BUCKET, "any")).contains(value);
    }
  }

  @Test
  void aDeletedKeyIsGoneAndDeletingItAgainIsNoError() throws Exception {
    store().set(call(), BUCKET, "gone", bytes("v"));
    store().delete(call(), BUCKET, "gone");
    store().delete(call(), BUCKET, "gone");
    assertThat(store().get(call(), BUCKET, "gone")).isEmpty();
    assertThat(store().exists(call(), BUCKET, "gone")).isFalse();
    store().set(call(), BUCKET, "gone", bytes("back"));
    assertThat(store().get(call(), BUCKET, "gone")).contains(bytes("back"));
  }

  @Test
  void allKeysAreListedPageByPageAndOnce() throws Exception {
    Set<String> expected = new HashSet<>();
    List<Map.Entry<String, byte[]>> entries = new ArrayList<>();
    for (int i = 0; i < 1_205; i++) {
      expected.add("list." + i);
      entries.add(Map.entry("list." + i, bytes("v")));
    }
    store().setMany(call(), BUCKET, entries);
    List<String> listed = new ArrayList<>();
    OptionalLong cursor = OptionalLong.empty();
    do {
      KeyValueStore.Keys page = store().listKeys(call(), BUCKET, cursor);
      listed.addAll(page.keys());
      cursor = page.cursor();
    } while (cursor.isPresent());
    assertThat(listed).doesNotHaveDuplicates().containsAll(expected);
    store().deleteMany(call(), BUCKET, List.copyOf(expected));
    assertThat(store().listKeys(call(), BUCKET, OptionalLong.empty()).keys())
        .doesNotContainAnyElementsOf(expected);
  }

  @Test
  void aCounterStartsAtZeroAndTellsItsNewValue() throws Exception {
    assertThat(store().increment(call(), BUCKET, "n", 300)).isEqualTo(300);
    assertThat(store().increment(call(), BUCKET, "n", 1)).isEqualTo(301);
    assertThat(store().increment(call(), BUCKET, "n", 0)).isEqualTo(301);
    assertThat(store().get(call(), BUCKET, "n")).contains(bytes("301"));
  }

  @Test
  void concurrentIncrementsAreAllCountedAndEachSeesItsOwnValue() throws Exception {
    int callers = 16;
    int each = 25;
    Set<Long> seen = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<List<Long>>> runs = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        runs.add(threads.submit(() -> increments(each)));
      }
      for (Future<List<Long>> run : runs) {
        assertThat(seen.addAll(run.get(60, TimeUnit.SECONDS))).isTrue();
      }
    }
    assertThat(seen).hasSize(callers * each).contains(1L, (long) callers * each);
    assertThat(store().get(call(), BUCKET, "busy")).contains(bytes("" + callers * each));
  }

  private List<Long> increments(int count) throws Exception {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(store().increment(call(), BUCKET, "busy", 1));
    }
    return values;
  }

  @Test
  void aValueThatIsNoNumberIsNotIncrementedAndStays() throws Exception {
    store().set(call(), BUCKET, "text", bytes("seven"));
    assertThatThrownBy(() -> store().increment(call(), BUCKET, "text", 1))
        .isInstanceOf(KeyValueException.class)
        .hasMessageContaining("seven");
    assertThat(store().get(call(), BUCKET, "text")).contains(bytes("seven"));
  }

  @Test
  void aCounterDoesNotWrapAround() throws Exception {
    assertThat(store().increment(call(), BUCKET, "full", -1L)).isEqualTo(-1L);
    assertThatThrownBy(() -> store().increment(call(), BUCKET, "full", 1))
        .isInstanceOf(KeyValueException.class);
    assertThat(store().get(call(), BUCKET, "full")).contains(bytes("18446744073709551615"));
  }

  @Test
  void manyAreAnsweredInTheOrderTheyWereAskedFor() throws Exception {
    store()
        .setMany(call(), BUCKET, List.of(Map.entry("x", bytes("1")), Map.entry("y", bytes("2"))));
    List<Optional<Map.Entry<String, byte[]>>> got =
        store().getMany(call(), BUCKET, List.of("y", "none", "x"));
    assertThat(got).hasSize(3);
    assertThat(got.get(0).orElseThrow().getKey()).isEqualTo("y");
    assertThat(got.get(0).orElseThrow().getValue()).isEqualTo(bytes("2"));
    assertThat(got.get(1)).isEmpty();
    assertThat(got.get(2).orElseThrow().getValue()).isEqualTo(bytes("1"));
    store().deleteMany(call(), BUCKET, List.of("x", "none", "y"));
    assertThat(store().exists(call(), BUCKET, "x")).isFalse();
  }

  @Test
  void aBucketNoLinkNamesIsNoStore() {
    assertThatThrownBy(() -> store().get(call(), "other", "k"))
        .isInstanceOfSatisfying(
            KeyValueException.class,
            e -> assertThat(e.error()).isEqualTo(KeyValueError.NoSuchStore.NO_SUCH_STORE));
  }

  @Test
  void aCallerWithoutALinkReachesNothing() throws Exception {
    store().set(call(), BUCKET, "secret", bytes("s"));
    assertThatThrownBy(
            () -> store().get(call("stranger", Duration.ofSeconds(90)), BUCKET, "secret"))
        .isInstanceOf(KeyValueException.class);
  }

  @Test
  void aComponentIsToldInOrderWhatHappensToTheKeysItWatches() throws Exception {
    store().set(call(), BUCKET, "watched", bytes("before"));
    watch("default", "SET@watched,DEL@watched, del@only-ends");
    store().set(call(), BUCKET, "watched", bytes("first"));
    told.await("watched=first");
    store().set(call(), BUCKET, "other", bytes("unheard"));
    store().set(call(), BUCKET, "only-ends", bytes("unheard"));
    store().delete(call(), BUCKET, "watched");
    told.await("watched gone");
    store().setMany(call(), BUCKET, List.of(Map.entry("watched", bytes("second"))));
    told.await("watched=second");
    store().delete(call(), BUCKET, "only-ends");
    told.await("only-ends gone");
    assertThat(told.all())
        .containsExactly("watched=first", "watched gone", "watched=second", "only-ends gone");
  }

  @Test
  void aWatchedCounterTellsItsNewValue() throws Exception {
    watch("default", "SET@count");
    assertThat(store().increment(call(), BUCKET, "count", 7)).isEqualTo(7);
    told.await("count=7");
  }

  @Test
  void nothingIsToldAfterTheLinkIsGone() throws Exception {
    watch("one", "SET@watched");
    store().set(call(), BUCKET, "watched", bytes("heard"));
    told.await("watched=heard");
    unwatch("one");
    watch("two", "SET@last");
    store().set(call(), BUCKET, "watched", bytes("unheard"));
    store().set(call(), BUCKET, "last", bytes("heard"));
    told.await("last=heard");
    assertThat(told.all()).containsExactly("watched=heard", "last=heard");
  }

  @Test
  void aComponentThatIsNotThereYetIsToldWhenItIs() throws Exception {
    watch("default", "SET@watched");
    told.away(3);
    store().set(call(), BUCKET, "watched", bytes("late"));
    told.await("watched=late");
    assertThat(told.all()).containsExactly("watched=late");
  }

  @Test
  void aWatchThatNamesNothingIsRefused() {
    for (String watch : List.of("", "SET", "SET@", "GET@x", "@x")) {
      assertThatThrownBy(() -> watch("default", watch))
          .as(watch)
          .isInstanceOf(LinkException.class)
          .hasMessageContaining("watch")
          .hasMessageContaining("SET@");
    }
  }
}
