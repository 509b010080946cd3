package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.InvalidComponentException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small binaries made to take much time or memory while they are decoded and validated: each is
 * refused with the name of the limit. They are a few hundred kilobytes at most.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class HostileDecoderTest {
  private static final int LARGEST = 1 << 20;
  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void isRefusedByTheLimitsName(String what, Binary hostile, String limit) {
    byte[] wasm = hostile.toBytes();
    assertThat(wasm.length).as(what).isLessThan(LARGEST);
    assertThatThrownBy(() -> fixture.runtime.load(wasm))
        .isInstanceOf(InvalidComponentException.class)
        .hasMessageContaining("offset 0x")
        .hasMessageContaining(limit);
  }

  static Stream<Arguments> isRefusedByTheLimitsName() {
    return Stream.of(
        Arguments.of("types that double", doublingTuples(60), "type is too large"),
        Arguments.of("options in options", nestedOptions(200), "type nesting is too deep"),
        Arguments.of("types in types", nestedTypes(100), "types are nested deeper than 64"),
        Arguments.of("components in components", nested(100), "nested deeper than 64"),
        Arguments.of(
            "instances that double", doublingInstances(40), "expands to more than 1000000"),
        Arguments.of("instance types that double", doublingTypes(40), "expands to more than"),
        Arguments.of(
            "one component type compared with another again and again",
            comparedTypes(),
            "expands to more than"),
        Arguments.of(
            "a module of many exports instantiated many times",
            wideModule(3_000, 3_000),
            "expands to more than"),
        Arguments.of(
            "a record of many fields in a component that is instantiated many times",
            instantiated(3_000, wideRecord(50_000)),
            "expands to more than"),
        Arguments.of(
            "an instance of many exports made again and again",
            instantiated(3_000, wideInstance(50_000)),
            "expands to more than"),
        Arguments.of(
            "a function of many parameters lowered many times",
            lowered(50_000, 3_000),
            "expands to more than"),
        Arguments.of(
            "more instances of components than an invocation should make",
            instantiated(10_001, Binary.component()),
            "more than 10000 component instances"),
        Arguments.of(
            "more lowered functions than an invocation should make",
            lowered(1, 100_001),
            "more than 100000 functions lowered"),
        Arguments.of("more core modules than a component has", modules(1_100), "core modules"),
        Arguments.of("a count of types beyond the bytes", count(7), "unexpected end-of-file"),
        Arguments.of("a count of imports beyond the bytes", count(10), "unexpected end-of-file"),
        Arguments.of("a list of fixed length as large as memory", hugeList(), "maximum byte size"),
        Arguments.of("a name of 200,000 letters", longName(200_000), "at most 100000"),
        Arguments.of(
            "a core function of 2 billion parameters",
            core(1, Binary.empty().bytes(1, 0x60).u32(0x7fffffffL)),
            "number of parameters: 2147483647"),
        Arguments.of(
            "a core element segment of 1 billion functions",
            core(9, Binary.empty().bytes(1, 1, 0).u32(1_000_000_000)),
            "number of elements: 1000000000"),
        Arguments.of(
            "a core data segment of 1 billion bytes",
            core(11, Binary.empty().bytes(1, 1).u32(1_000_000_000)),
            "bytes of a data segment: 1000000000"),
        Arguments.of("an alias from 4 billion scopes out", farAlias(), "outer alias count"));
  }

  private static Binary types(int count, Binary types) {
    return Binary.component().section(7, Binary.empty().u32(count).add(types));
  }

  private static Binary doublingTuples(int count) {
    Binary types = Binary.empty().bytes(0x6f, 2, 0x7f, 0x7f);
    types.times(count - 1, i -> types.bytes(0x6f, 2).u32(i).u32(i));
    return types(count, types);
  }

  private static Binary nestedOptions(int count) {
    Binary types = Binary.empty().bytes(0x6b, 0x7f);
    types.times(count - 1, i -> types.bytes(0x6b).bytes((i & 0x7f) | 0x80, i >> 7));
    return types(count, types);
  }

  private static Binary nestedTypes(int depth) {
    Binary types = Binary.empty();
    types.times(depth, i -> types.bytes(0x42, 1, 1));
    return types(1, types.bytes(0x7f));
  }

  private static Binary nested(int depth) {
    Binary inner = Binary.component();
    for (int i = 0; i < depth; i++) {
      inner = Binary.component().section(4, inner);
    }
    return inner;
  }

  /** Each component instantiates the one before it twice. */
  private static Binary doublingInstances(int count) {
    Binary component = Binary.component().section(4, Binary.component());
    for (int i = 0; i < count; i++) {
      // (component (alias outer 1 i (component)) (instance (instantiate 0)) (instance ...))
      component.section(
          4,
          Binary.component()
              .section(6, Binary.empty().bytes(1, 4, 2, 1).u32(i))
              .section(5, Binary.empty().bytes(2, 0, 0, 0, 0, 0, 0)));
    }
    return component;
  }

  /** Each instance type exports two instances of the type before it. */
  private static Binary doublingTypes(int count) {
    Binary types = Binary.empty().bytes(0x42, 0);
    types.times(
        count - 1,
        i ->
            types
                .bytes(0x42, 3, 2, 3, 2, 1)
                .u32(i)
                .bytes(4, 0, 1, 'a', 5, 0)
                .bytes(4, 0, 1, 'b', 5, 0));
    return types(count, types);
  }

  /** An import of a type with many exports, and as many components that want it. */
  private static Binary comparedTypes() {
    int width = 2_000;
    Binary type = Binary.empty().u32(width + 1).bytes(1, 0x40, 0, 1, 0);
    type.times(width, i -> type.bytes(4, 0).name("f" + i).bytes(1, 0));
    Binary component =
        Binary.component()
            .section(7, Binary.empty().bytes(1, 0x42).add(type))
            .section(10, Binary.empty().bytes(1, 0, 1, 'i', 5, 0))
            .section(
                4,
                Binary.component()
                    .section(6, Binary.empty().bytes(1, 3, 2, 1, 0))
                    .section(10, Binary.empty().bytes(1, 0, 1, 'i', 5, 0)));
    Binary instances = Binary.empty().u32(2_000);
    instances.times(2_000, i -> instances.bytes(0, 0, 1, 1, 'i', 5, 0));
    return component.section(5, instances);
  }

  private static Binary wideModule(int width, int count) {
    Binary exports = Binary.empty().u32(width);
    exports.times(width, i -> exports.name("f" + i).bytes(0, 0));
    Binary module =
        Binary.module()
            .section(1, Binary.empty().bytes(1, 0x60, 0, 0))
            .section(3, Binary.empty().bytes(1, 0))
            .section(7, exports)
            .section(10, Binary.empty().bytes(1, 2, 0, 0x0b));
    Binary instances = Binary.empty().u32(count);
    instances.times(count, i -> instances.bytes(0, 0, 0));
    return Binary.component().section(1, module).section(2, instances);
  }

  private static Binary instantiated(int count, Binary component) {
    Binary instances = Binary.empty().u32(count);
    instances.times(count, i -> instances.bytes(0, 0, 0));
    return Binary.component().section(4, component).section(5, instances);
  }

  /** A type section of one type, which begins so, of so many labelled numbers. */
  private static Binary wide(int code, int width) {
    Binary type = Binary.empty().bytes(1, code).u32(width);
    return type.times(width, i -> type.name("f" + Integer.toString(i, 36)).bytes(0x79));
  }

  private static Binary wideRecord(int width) {
    return Binary.component().section(7, wide(0x72, width));
  }

  private static Binary wideInstance(int width) {
    Binary exports = Binary.empty().bytes(1, 1).u32(width);
    exports.times(width, i -> exports.bytes(0).name("f" + Integer.toString(i, 36)).bytes(3, 0));
    return Binary.component().section(7, Binary.empty().bytes(1, 0x79)).section(5, exports);
  }

  private static Binary lowered(int width, int count) {
    Binary module =
        Binary.module()
            .section(5, Binary.empty().bytes(1, 0, 1))
            .section(7, Binary.empty().bytes(1).name("m").bytes(2, 0));
    Binary lowered = Binary.empty().u32(count);
    lowered.times(count, i -> lowered.bytes(1, 0, 0, 1, 3, 0));
    return Binary.component()
        .section(7, wide(0x40, width).bytes(1, 0))
        .section(10, Binary.empty().bytes(1, 0, 1, 'f', 1, 0))
        .section(1, module)
        .section(2, Binary.empty().bytes(1, 0, 0, 0))
        .section(6, Binary.empty().bytes(1, 0, 2, 1, 0).name("m"))
        .section(8, lowered);
  }

  private static Binary modules(int count) {
    Binary component = Binary.component();
    return component.times(
        count, i -> component.section(1, Binary.module().section(0, Binary.empty().name("m" + i))));
  }

  private static Binary count(int section) {
    return Binary.component().section(section, Binary.empty().u32(0x7fffffffL).bytes(0x7f));
  }

  private static Binary core(int section, Binary content) {
    return Binary.component().section(1, Binary.module().section(section, content));
  }

  private static Binary hugeList() {
    return types(1, Binary.empty().bytes(0x67, 0x77).u32(0x7fffffffL));
  }

  private static Binary longName(int length) {
    return Binary.component()
        .section(7, Binary.empty().bytes(1, 0x40, 0, 1, 0))
        .section(10, Binary.empty().bytes(1, 0).name("a".repeat(length)).bytes(1, 0));
  }

  private static Binary farAlias() {
    return Binary.component().section(6, Binary.empty().bytes(1, 3, 2).u32(0x7fffffffL).u32(0));
  }

  @Test
  void moreLabelsThanABinaryHas() {
    int width = 2_000_001;
    Binary tuple = Binary.empty().bytes(0x6f).u32(width);
    tuple.times(width, i -> tuple.bytes(0x79));
    assertThatThrownBy(() -> fixture.runtime.load(types(1, tuple).toBytes()))
        .isInstanceOf(InvalidComponentException.class)
        .hasMessageContaining("more than 2000000 definitions, labels and the like");
  }

  @Test
  void aNameSectionThatMakesNoSenseDoesNotMatter() throws Exception {
    Binary names = Binary.empty().name("name").bytes(1, 3, 9, 9, 9);
    Binary component = core(0, names);
    assertThat(fixture.runtime.load(component.toBytes()).exports()).isEmpty();
  }

  @Test
  void manyNamesThatAreAllRightAreLoaded() throws Exception {
    int width = 20_000;
    Binary imports = Binary.empty().u32(width);
    imports.times(width, i -> imports.bytes(0).name("f" + i).bytes(1, 0));
    Binary component =
        Binary.component().section(7, Binary.empty().bytes(1, 0x40, 0, 1, 0)).section(10, imports);
    assertThat(fixture.runtime.load(component.toBytes()).imports()).hasSize(width);
  }
}
