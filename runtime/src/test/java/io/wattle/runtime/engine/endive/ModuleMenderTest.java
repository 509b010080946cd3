package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.StoreLimits;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Valid modules that Endive's parser refuses. */
class ModuleMenderTest {
  private static final int TYPES = 140;
  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};

  /** {@code f: (i32) -> i32} adds the number of each type from 63 on, in a block of that type. */
  private static byte[] blocksOfManyTypes(byte[] block, boolean inGroup) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HEADER);
    ByteArrayOutputStream types = new ByteArrayOutputStream();
    if (inGroup) {
      types.writeBytes(hex("01 4e"));
      Leb128.write(types, TYPES + 2);
    } else {
      Leb128.write(types, TYPES);
    }
    for (int i = 0; i < TYPES; i++) {
      types.writeBytes(hex(inGroup ? "50 00 60 01 7f 01 7f" : "60 01 7f 01 7f"));
    }
    if (inGroup) {
      types.writeBytes(hex("5f 02 63 00 00 77 01 4f 00 5e 78 01")); // a struct and an array
    }
    Leb128.section(out, 1, types.toByteArray());
    Leb128.section(out, 3, hex("01 00"));
    Leb128.section(out, 7, hex("01 01 66 00 00"));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(hex("00 20 00"));
    for (int type = 63; type < TYPES; type++) {
      body.writeBytes(block);
      signed(body, type);
      body.write(0x41);
      signed(body, type);
      body.writeBytes(hex("6a 0b"));
    }
    body.write(0x0b);
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(1);
    Leb128.write(code, body.size());
    code.writeBytes(body.toByteArray());
    Leb128.section(out, 10, code.toByteArray());
    return out.toByteArray();
  }

  private static void signed(ByteArrayOutputStream out, int value) {
    if (value < 64) {
      out.write(value);
    } else {
      out.write((value & 0x7f) | 0x80);
      out.write(value >> 7);
    }
  }

  /**
   * Functions that refer to themselves: {@code f}, which is exported, and one that only a global or
   * an element segment names, or nobody.
   */
  private static byte[] selfReferring(String global, String elements) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HEADER);
    Leb128.section(out, 1, hex("01 60 00 01 7f"));
    Leb128.section(out, 3, hex("02 00 00"));
    if (!global.isEmpty()) {
      Leb128.section(out, 6, hex(global));
    }
    Leb128.section(out, 7, hex("01 01 66 00 00"));
    if (!elements.isEmpty()) {
      Leb128.section(out, 9, hex(elements));
    }
    String body = "06 00 d2 %s d1 45 0b";
    Leb128.section(out, 10, hex("02 " + body.formatted("00") + " " + body.formatted("01")));
    return out.toByteArray();
  }

  private static byte[] hex(String bytes) {
    return HexFormat.ofDelimiter(" ").parseHex(bytes);
  }

  private static long call(CoreEngine engine, byte[] wasm, long... arguments) throws Exception {
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(engine.compile(wasm), CoreImports.NONE);
      return Guests.call(instance, "f", arguments);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Guests.Kind.class,
      names = {"COMPILED", "INTERPRETED"})
  void blocksMayHaveAnyType(Guests.Kind kind) throws Exception {
    long sum = 0;
    for (int type = 63; type < TYPES; type++) {
      sum += type;
    }
    try (CoreEngine engine = Guests.engine(kind)) {
      for (String block : new String[] {"02", "03"}) {
        for (boolean inGroup : new boolean[] {false, true}) {
          assertThat(call(engine, blocksOfManyTypes(hex(block), inGroup), 1000))
              .isEqualTo(1000 + sum);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Guests.Kind.class,
      names = {"COMPILED", "INTERPRETED"})
  void functionsMayReferToThemselvesWhereTheModuleNamesThem(Guests.Kind kind) throws Exception {
    try (CoreEngine engine = Guests.engine(kind)) {
      String global = "01 70 00 d2 01 0b";
      String declared = "01 03 00 01 01";
      assertThat(call(engine, selfReferring(global, ""))).isEqualTo(1);
      assertThat(call(engine, selfReferring("", declared))).isEqualTo(1);
      assertThatThrownBy(() -> call(engine, selfReferring("", "")))
          .isInstanceOf(InvalidModuleException.class)
          .hasMessageContaining("undeclared function reference");
    }
  }

  @Test
  void itsDigestIsThatOfWhatWasGiven(@TempDir Path cache) throws Exception {
    byte[] wasm = blocksOfManyTypes(hex("02"), false);
    for (int time = 0; time < 2; time++) {
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      EngineOptions options = EngineOptions.defaults().withMeters(meters).withCache(cache, 1 << 20);
      try (CoreEngine engine = Engines.endive(options)) {
        assertThat(engine.compile(wasm).digest()).isEqualTo(Hashes.sha256(wasm));
        assertThat(engine.compile(wasm)).isSameAs(engine.compile(wasm));
        assertThat(call(engine, wasm, 0)).isPositive();
        assertThat(meters.get("wattle.engine.cache.load").timer().count()).isEqualTo(time);
        assertThat(meters.get("wattle.engine.modules.rejected").counter().count()).isZero();
      }
    }
  }

  @Test
  void whatIsInvalidStaysSo() throws Exception {
    try (CoreEngine engine = Guests.engine(Guests.Kind.INTERPRETED)) {
      byte[] wrong = blocksOfManyTypes(hex("02"), false);
      wrong[wrong.length - 3] = 0x45; // eqz instead of add: a value is left
      assertThatThrownBy(() -> engine.compile(wrong)).isInstanceOf(InvalidModuleException.class);
      for (int length = 8; length < wrong.length; length += 7) {
        byte[] cut = java.util.Arrays.copyOf(wrong, length);
        assertThat(ModuleMender.mend(cut)).as("%s bytes", length).isNull();
      }
    }
  }
}
