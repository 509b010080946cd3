package io.wattle.runtime.engine.endive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.InvalidModuleException;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that say they have two billion bytes: nothing makes room for them. */
class LongNamesTest {
  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
  private static final int CUSTOM = 0;
  private static final int IMPORTS = 2;
  private static final int EXPORTS = 7;

  private static byte[] module(int section, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HEADER);
    Leb128.section(out, section, content);
    return out.toByteArray();
  }

  private static void longName(ByteArrayOutputStream out) {
    Leb128.write(out, Integer.MAX_VALUE);
    out.writeBytes("short".getBytes(US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(ints = {IMPORTS, EXPORTS})
  void areRefused(int section) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    Leb128.write(content, 1);
    longName(content);
    byte[] wasm = module(section, content.toByteArray());
    try (CoreEngine engine = Engines.endive(EngineOptions.defaults())) {
      assertThatThrownBy(() -> engine.compile(wasm))
          .isInstanceOf(InvalidModuleException.class)
          .hasMessageContaining(
              "length of a name: 2147483647 (expected: at most the 5 bytes left)");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 9})
  void areAsGoodAsNoneInANameSection(int subsection) throws Exception {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    if (subsection != 0) {
      Leb128.write(names, 1);
      Leb128.write(names, 0);
    }
    if (subsection == 2) {
      Leb128.write(names, 1);
      Leb128.write(names, 0);
    }
    longName(names);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    Leb128.write(content, 4);
    content.writeBytes("name".getBytes(US_ASCII));
    Leb128.section(content, subsection, names.toByteArray());
    byte[] wasm = module(CUSTOM, content.toByteArray());
    try (CoreEngine engine = Engines.endive(EngineOptions.defaults())) {
      assertThat(engine.compile(wasm).exports()).isEmpty();
    }
  }

  @Test
  void ofACustomSectionAreRefused() {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    longName(content);
    byte[] wasm = module(CUSTOM, content.toByteArray());
    try (CoreEngine engine = Engines.endive(EngineOptions.defaults())) {
      assertThatThrownBy(() -> engine.compile(wasm)).isInstanceOf(InvalidModuleException.class);
    }
  }
}
