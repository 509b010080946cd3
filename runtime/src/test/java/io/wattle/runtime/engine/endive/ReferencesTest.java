package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A reference to a function is to one of one instance, wherever it goes (core specification, 4.2.8
 * "function instances"): what other instances call by it is that function.
 */
class ReferencesTest {
  /** What the provider's function gives, and the user's two. */
  private static final int THEIRS = 42;

  private static final int THEIR_OTHER = 43;
  private static final int MINE = 7;
  private static final int MINE_TOO = 9;

  private static final CoreExternType.Func ECHO =
      new CoreExternType.Func(List.of(CoreValueType.FUNCREF), List.of(CoreValueType.FUNCREF));

  /** A provider and its user, behind an instance that puts their functions elsewhere. */
  private record Two(CoreInstance provider, CoreInstance user) {
    static Two of(CoreStore store, Modules modules) {
      CoreInstance _ = store.instantiate(modules.provider, CoreImports.NONE);
      CoreInstance provider = store.instantiate(modules.provider, CoreImports.NONE);
      CoreFunction echo = CoreFunction.host(ECHO, a -> a);
      CoreInstance user =
          store.instantiate(
              modules.user, (module, name) -> module.equals("p") ? provider.export(name) : echo);
      return new Two(provider, user);
    }

    void gives(long wanted, String name, long... arguments) {
      assertThat(Guests.call(user, name, arguments)).as(name).isEqualTo(wanted);
    }

    void traps(String message, String name, long... arguments) {
      assertThatThrownBy(() -> Guests.call(user, name, arguments))
          .as(name)
          .isInstanceOf(TrapException.class)
          .hasMessageContaining(message);
    }
  }

  private record Modules(CoreModule provider, CoreModule user) {
    static Modules of(CoreEngine engine, String prefix) {
      return new Modules(
          Guests.compile(engine, prefix + "-in"), Guests.compile(engine, prefix + "-out"));
    }
  }

  /** What is tried. */
  private interface Trial {
    void run(CoreStore store, Modules modules);
  }

  private static Stream<DynamicTest> everywhere(String modules, Trial trial) {
    return EveryKind.enginesAndPieces().entrySet().stream()
        .map(kind -> dynamicTest(kind.getKey(), () -> run(kind.getValue(), modules, trial)));
  }

  private static void run(CoreEngine made, String modules, Trial trial) {
    try (CoreEngine engine = made;
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      trial.run(store, Modules.of(engine, modules));
    }
  }

  @TestFactory
  Stream<DynamicTest> globalsParametersAndResultsCarryThem() {
    return everywhere("references", (store, modules) -> globals(Two.of(store, modules)));
  }

  private static void globals(Two two) {
    for (String way : List.of("constant", "copied", "any", "result", "echo", "there_and_back")) {
      two.gives(THEIRS, way);
    }
    two.gives(MINE, "own");
    two.gives(MINE, "parameter");
    two.gives(MINE_TOO * 101, "keep");
    two.gives(0, "store", 1);
    two.gives(THEIRS, "own");
    two.gives(THEIRS, "non_null");
    two.gives(THEIRS, "on_non_null");
    two.gives(102, "wide");
    two.gives(THEIRS + 2, "host");
  }

  @TestFactory
  Stream<DynamicTest> theInstanceThatRunsIsTheOneThatTheFunctionIsOf() {
    return everywhere(
        "references",
        (store, modules) -> {
          Two two = Two.of(store, modules);
          Guests.call(two.provider, "seed", 1000);
          two.gives(1000, "result");
          two.gives(1000, "constant");
          two.gives(1002, "host");
        });
  }

  @TestFactory
  Stream<DynamicTest> exceptionsCarryThem() {
    return everywhere("references", (store, modules) -> exceptions(Two.of(store, modules)));
  }

  /** What a function throws that another one ends in: not in what is always interpreted. */
  @TestFactory
  Stream<DynamicTest> whatTailCallsThrowIsCaught() {
    return everywhere(
            "references", (store, modules) -> Two.of(store, modules).gives(THEIRS, "caught_tail"))
        .filter(test -> !test.getDisplayName().equals("INTERPRETED_ALL"));
  }

  private static void exceptions(Two two) {
    two.gives(THEIRS, "exception");
    two.gives(THEIRS, "own_exception");
    two.gives(THEIRS, "caught");
    two.gives(THEIRS, "caught_indirect");
  }

  @TestFactory
  Stream<DynamicTest> tailCallsGoByThem() {
    return everywhere("references", (store, modules) -> tailCalls(Two.of(store, modules)));
  }

  private static void tailCalls(Two two) {
    two.gives(THEIRS, "tail");
    two.gives(THEIRS, "tail_down", 50_000);
    two.gives(THEIRS + 3, "tail_host");
  }

  @TestFactory
  Stream<DynamicTest> tablesGiveAndTakeThem() {
    return everywhere("references", (store, modules) -> tables(Two.of(store, modules)));
  }

  private static void tables(Two two) {
    two.gives(THEIRS, "get", 1);
    two.gives(THEIR_OTHER, "get", 2);
    two.gives(THEIRS, "get_typed", 0);
    two.gives(MINE_TOO, "get_typed", 1);
    two.gives(THEIRS, "indirect_typed", 0);
    two.gives(MINE_TOO, "indirect_typed", 1);
    for (String table : List.of("numbers", "filled")) {
      two.gives(THEIRS, "get_" + table, 1);
      two.gives(THEIRS, "indirect_" + table, 1);
    }
    two.gives(THEIRS + 4, "indirect_host");
    two.gives(0, "set");
    two.gives(THEIRS, "indirect", 0);
    two.gives(MINE, "indirect", 1);
    two.gives(2, "grow");
    two.gives(THEIRS, "indirect", 4);
    two.gives(0, "copy");
    two.gives(THEIRS, "indirect", 0);
    two.gives(THEIR_OTHER, "indirect", 1);
    two.gives(0, "fill");
    two.gives(THEIRS, "indirect", 1);
    two.gives(0, "set_theirs", 0);
    two.gives(0, "move", 0, 3);
    two.gives(MINE, "get", 3);
    assertThat(Guests.call(two.provider, "call_element", 0)).isEqualTo(MINE);
    assertThat(Guests.call(two.provider, "call_element", 3)).isEqualTo(MINE);
    two.gives(0, "copy_theirs");
    assertThat(Guests.call(two.provider, "call_element", 0)).isEqualTo(THEIRS);
    two.gives(0, "init");
    two.gives(MINE, "indirect_typed", 0);
    two.gives(THEIRS, "indirect_typed", 1);
    two.gives(THEIRS, "get_typed", 1);
    two.gives(0, "is_null", 0);
    two.gives(0, "init_null");
    two.gives(1, "is_null", 0);
  }

  @TestFactory
  Stream<DynamicTest> theirTypeIsThatOfTheFunction() {
    return everywhere("references", (store, modules) -> types(Two.of(store, modules)));
  }

  private static void types(Two two) {
    two.gives(1, "test");
    two.gives(1, "test_wide");
    two.gives(0, "test_other");
    two.gives(1, "test_func");
    two.gives(THEIRS, "branch");
    two.gives(-1, "branch_other");
    two.traps("cast failure", "cast_other");
  }

  @TestFactory
  Stream<DynamicTest> nullIsNoFunction() {
    return everywhere(
        "references",
        (store, modules) -> Two.of(store, modules).traps("null function reference", "null"));
  }

  @TestFactory
  Stream<DynamicTest> objectsCarryThem() {
    return everywhere("references-objects", (store, modules) -> objects(Two.of(store, modules)));
  }

  private static void objects(Two two) {
    for (String way : List.of("field", "shared", "element", "set_element", "copied", "filled")) {
      two.gives(THEIRS, way);
    }
    two.gives(MINE, "set_field");
    for (String segment : List.of("of_segment", "from_segment")) {
      two.gives(MINE, segment, 0);
      two.gives(THEIRS, segment, 1);
    }
    two.gives(THEIRS, "made", 0);
    two.gives(MINE, "made", 1);
  }

  private static final Set<String> LARGE =
      Set.of(
          "result",
          "wide",
          "keep",
          "tail",
          "exception",
          "caught",
          "caught_indirect",
          "set",
          "init",
          "branch",
          "take",
          "get");

  private static final Set<String> LARGE_WITH_OBJECTS =
      Set.of("field", "set_field", "from_segment");

  @Test
  void interpretedAndCompiledFunctionsOfOneInstanceAgree() {
    trials(
        LARGE,
        "references",
        List.of(
            ReferencesTest::globals,
            ReferencesTest::exceptions,
            ReferencesTest::tailCalls,
            ReferencesTest::tables,
            ReferencesTest::types));
    trials(LARGE_WITH_OBJECTS, "references-objects", List.of(ReferencesTest::objects));
  }

  private static void trials(Set<String> large, String modules, List<Consumer<Two>> trials) {
    try (CoreEngine engine = new LargeEngine(large)) {
      Modules both = Modules.of(engine, modules);
      for (Consumer<Two> trial : trials) {
        try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
          trial.accept(Two.of(store, both));
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> storesOfASnapshotHaveTheSame() {
    return EveryKind.enginesAndPieces().entrySet().stream()
        .map(kind -> dynamicTest(kind.getKey(), () -> snapshots(kind.getValue())));
  }

  private static void snapshots(CoreEngine made) {
    try (CoreEngine engine = made) {
      Modules modules = Modules.of(engine, "references");
      CoreSnapshot snapshot;
      try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        Two two = Two.of(store, modules);
        two.gives(0, "store", 1);
        two.gives(0, "set");
        snapshot = store.snapshot();
        afterwards(two);
        for (Map.Entry<String, Integer> each : Map.of("store", 0, "set_theirs", 1).entrySet()) {
          two.gives(0, each.getKey(), each.getValue());
        }
        two.gives(MINE, "own");
        two.gives(MINE, "get", 1);
        store.reset();
        afterwards(two);
      }
      try (CoreStore store = engine.newStore(StoreLimits.DEFAULT, engine.memory(), snapshot)) {
        afterwards(Two.of(store, modules));
      }
    }
  }

  private static void afterwards(Two two) {
    two.gives(THEIRS, "own");
    two.gives(THEIRS, "copied");
    two.gives(THEIRS, "get", 1);
    two.gives(THEIRS, "indirect", 0);
    two.gives(MINE, "indirect", 1);
    two.gives(THEIRS, "result");
    two.gives(MINE, "parameter");
  }
}
