package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreGlobal;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that share functions, memories, tables and globals. */
class LinkingTest {
  private static final CoreExternType.Func HOST =
      new CoreExternType.Func(List.of(CoreValueType.I32), List.of(CoreValueType.I32));

  static CoreInstance userWith(CoreEngine engine, CoreStore store, CoreFunction.HostCode host) {
    CoreInstance provider = store.instantiate(Guests.compile(engine, "provider"), CoreImports.NONE);
    return user(engine, store, provider, host);
  }

  private static CoreInstance user(
      CoreEngine engine, CoreStore store, CoreInstance provider, CoreFunction.HostCode host) {
    CoreFunction function = CoreFunction.host(HOST, host);
    return store.instantiate(
        Guests.compile(engine, "user"),
        (module, name) -> module.equals("p") ? provider.export(name) : function);
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfImportIsShared(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance provider =
          store.instantiate(Guests.compile(engine, "provider"), CoreImports.NONE);
      CoreInstance user = user(engine, store, provider, a -> new long[] {a[0] * 2});
      assertThat(Guests.call(user, "add", 2, 3)).isEqualTo(5);
      Guests.call(user, "poke", 8, 1234);
      assertThat(Guests.call(provider, "peek", 8)).isEqualTo(1234);
      assertThat(Guests.call(user, "bump")).isEqualTo(6);
      assertThat(((CoreGlobal) Guests.extern(provider, "global")).get()).isEqualTo(6);
      Guests.call(user, "init");
      byte[] text = new byte[5];
      ((CoreMemory) Guests.extern(provider, "memory")).read(100, text, 0, 5);
      assertThat(text).asString().isEqualTo("hello");
      assertThat(Guests.call(user, "host", 21)).isEqualTo(42);
      assertThatThrownBy(() -> Guests.call(user, "indirect", 3))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining("uninitialized element");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tablesHoldFunctionsOfSeveralInstances(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance provider =
          store.instantiate(Guests.compile(engine, "provider"), CoreImports.NONE);
      CoreInstance user = user(engine, store, provider, a -> a);
      // Element 0 is provider's function, 1 user's, 2 user's import of provider's.
      assertThat(Guests.call(provider, "call", 0)).isEqualTo(23);
      assertThat(Guests.call(provider, "call", 1)).isEqualTo(17);
      assertThat(Guests.call(provider, "call", 2)).isEqualTo(23);
      assertThat(Guests.call(user, "indirect", 0)).isEqualTo(23);
      assertThat(Guests.call(user, "indirect", 1)).isEqualTo(17);
      assertThat(Guests.call(user, "indirect", 2)).isEqualTo(23);
    }
  }

  @ParameterizedTest
  @EnumSource
  void exportsAreTheSameObjectEachTime(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance provider =
          store.instantiate(Guests.compile(engine, "provider"), CoreImports.NONE);
      for (String name : List.of("add", "memory", "table", "global")) {
        assertThat(provider.export(name)).isSameAs(provider.export(name));
      }
      assertThat(provider.export("nothing")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsMissingOrOfAnotherTypeIsNamed(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how)) {
      try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        assertThatThrownBy(
                () -> store.instantiate(Guests.compile(engine, "user"), CoreImports.NONE))
            .hasMessage("import p.add: nothing satisfies it");
      }
      try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        CoreFunction wrong = CoreFunction.host(HOST, a -> a);
        assertThatThrownBy(() -> store.instantiate(Guests.compile(engine, "user"), (m, n) -> wrong))
            .isInstanceOfSatisfying(
                TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.IMPORT_FAILED))
            .hasMessageContaining("import p.add: incompatible type");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHostFunctionThatThrowsPoisonsAndNamesTheCause(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance user =
          userWith(
              engine,
              store,
              a -> {
                throw new IllegalStateException("broken pipe");
              });
      assertThatThrownBy(() -> Guests.call(user, "host", 1))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRAP))
          .hasMessageContaining("broken pipe");
      assertThat(store.poisoned()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHostFunctionsTrapArrivesUnchanged(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      TrapException exit = new TrapException(Kind.EXIT, "exit code 0");
      CoreInstance user =
          userWith(
              engine,
              store,
              a -> {
                throw exit;
              });
      assertThatThrownBy(() -> Guests.call(user, "host", 1)).isSameAs(exit);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hostFunctionsMayCallTheGuestAgain(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance[] self = new CoreInstance[1];
      self[0] =
          userWith(
              engine,
              store,
              a -> new long[] {a[0] == 0 ? 0 : 1 + Guests.call(self[0], "host", a[0] - 1)});
      assertThat(Guests.call(self[0], "host", 20)).isEqualTo(20);
    }
  }
}
