package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.InvalidModuleException;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Types that each name the one before twice: written out, the sixtieth has more parts than there
 * are atoms in a grain of sand.
 */
@Timeout(120)
class NestedTypesTest {
  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
  private static final int TYPES = 1;
  private static final int FUNCTIONS = 3;
  private static final int CODE = 10;
  private static final int LENGTH = 60;

  private final ByteArrayOutputStream types = new ByteArrayOutputStream();
  private int count;

  private int function(int[] parameters, int... results) {
    types.write(0x60);
    references(parameters);
    references(results);
    return count++;
  }

  /** References that may be null, each to a type: a signed number. */
  private void references(int... to) {
    Leb128.write(types, to.length);
    for (int type : to) {
      types.write(0x63);
      if (type < 64) {
        types.write(type);
      } else {
        types.write((type & 0x7f) | 0x80);
        types.write(type >> 7);
      }
    }
  }

  private int chain(int... first) {
    int last = function(first);
    for (int i = 0; i < LENGTH; i++) {
      last = function(new int[] {last, last});
    }
    return last;
  }

  /** With a function that gives a value of one type where another one is wanted. */
  private byte[] passing(int given, int wanted) {
    int type = function(new int[] {given}, wanted);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    Leb128.write(content, count);
    content.writeBytes(types.toByteArray());
    ByteArrayOutputStream functions = new ByteArrayOutputStream();
    functions.write(1);
    Leb128.write(functions, type);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HEADER);
    Leb128.section(out, TYPES, content.toByteArray());
    Leb128.section(out, FUNCTIONS, functions.toByteArray());
    Leb128.section(out, CODE, new byte[] {1, 4, 0, 0x20, 0, 0x0b});
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void equalOnesAreKnownToBeEqual(Guests.Kind kind) throws Exception {
    byte[] wasm = passing(chain(), chain());
    try (CoreEngine engine = Guests.engine(kind)) {
      assertThat(engine.compile(wasm).exports()).isEmpty();
    }
  }

  @Test
  void differentOnesAreKnownToDiffer() {
    int leaf = function(new int[] {});
    byte[] wasm = passing(chain(), chain(leaf));
    try (CoreEngine engine = Guests.engine(Guests.Kind.INTERPRETED)) {
      assertThatThrownBy(() -> engine.compile(wasm))
          .isInstanceOf(InvalidModuleException.class)
          .hasMessageContaining("type mismatch");
    }
  }

  @Test
  void oneThatComesLaterIsUnknown() {
    int later = function(new int[] {5});
    byte[] wasm = passing(later, chain());
    try (CoreEngine engine = Guests.engine(Guests.Kind.INTERPRETED)) {
      assertThatThrownBy(() -> engine.compile(wasm))
          .isInstanceOf(InvalidModuleException.class)
          .hasMessageContaining("unknown type 5");
    }
  }

  @Test
  void tooManyEqualOnesAreRefused() {
    int first = chain();
    int last = first;
    for (int i = 0; i < 100; i++) {
      last = chain();
    }
    byte[] wasm = passing(first, last);
    try (CoreEngine engine = Guests.engine(Guests.Kind.INTERPRETED)) {
      assertThatThrownBy(() -> engine.compile(wasm))
          .isInstanceOf(InvalidModuleException.class)
          .hasMessageContaining("too many types that equal others");
    }
  }
}
