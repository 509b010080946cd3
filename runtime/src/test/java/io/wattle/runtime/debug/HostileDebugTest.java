package io.wattle.runtime.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.binary.Leb128;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names and line tables that lie, or make no sense, cost neither the host nor the guest anything.
 */
class HostileDebugTest {
  private static final byte[] EMPTY_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private static byte[] guest(String name) throws IOException {
    try (InputStream in = HostileDebugTest.class.getResourceAsStream("/debug/" + name + ".wasm")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  /** Looks at everything that there is. */
  private static void look(byte[] wasm) {
    GuestDebug read = GuestDebug.read(wasm);
    GuestDebug kept = GuestDebug.unpack(read.pack());
    for (int function = -1; function < 64; function++) {
      assertThat(kept.name(function)).isEqualTo(read.name(function)).isNotEmpty();
      for (int address = -1; address < 0x2000; address += 7) {
        assertThat(kept.place(function, address)).isEqualTo(read.place(function, address));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"traps", "sum"})
  @Timeout(180)
  void whateverBytesAreChanged(String name) throws IOException {
    byte[] wasm = guest(name);
    look(wasm);
    Random random = new Random(42);
    for (int round = 0; round < 400; round++) {
      byte[] changed = wasm.clone();
      for (int i = 0; i <= random.nextInt(8); i++) {
        changed[8 + random.nextInt(wasm.length - 8)] = (byte) random.nextInt();
      }
      look(changed);
      look(Arrays.copyOf(wasm, 8 + random.nextInt(wasm.length - 8)));
    }
  }

  private static void custom(ByteArrayOutputStream out, String name, byte[] content) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    out.write(0);
    Leb128.write(out, 1 + text.length + content.length);
    out.write(text.length);
    out.writeBytes(text);
    out.writeBytes(content);
  }

  /** A unit of DWARF 5 with so many files, each with a path at the same place. */
  private static byte[] manyFiles(int count) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(new byte[] {1, 1, 1, -5, 14, 1});
    header.writeBytes(new byte[] {0, 0}); // no directories
    header.writeBytes(new byte[] {1, 1, 0x1f}); // files: a path in .debug_line_str
    Leb128.write(header, count);
    for (int i = 0; i < count; i++) {
      header.writeBytes(new byte[] {(byte) i, (byte) (i >> 8), 0, 0});
    }
    ByteArrayOutputStream unit = new ByteArrayOutputStream();
    unit.writeBytes(new byte[] {5, 0, 4, 0});
    int size = header.size();
    unit.writeBytes(
        new byte[] {(byte) size, (byte) (size >> 8), (byte) (size >> 16), (byte) (size >> 24)});
    unit.writeBytes(header.toByteArray());
    int length = unit.size();
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    section.writeBytes(
        new byte[] {
          (byte) length, (byte) (length >> 8), (byte) (length >> 16), (byte) (length >> 24)
        });
    section.writeBytes(unit.toByteArray());
    return section.toByteArray();
  }

  @Test
  @Timeout(180)
  void namesOfFilesThatOverlapDoNotMultiply() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(guest("sum")); // the first section of a name counts: ours come before
    ByteArrayOutputStream module = new ByteArrayOutputStream();
    module.writeBytes(EMPTY_MODULE);
    byte[] paths = new byte[70_000];
    Arrays.fill(paths, (byte) 'a');
    custom(module, ".debug_line_str", paths);
    custom(module, ".debug_line", manyFiles(65_000));
    module.write(out.toByteArray(), 8, out.size() - 8);
    GuestDebug debug = GuestDebug.read(module.toByteArray());
    assertThat(debug.pack()).hasSizeLessThan(100_000);
    for (int end = 3_000; end < paths.length; end += 3_000) {
      paths[end] = 0;
    }
    ByteArrayOutputStream readable = new ByteArrayOutputStream();
    readable.writeBytes(EMPTY_MODULE);
    custom(readable, ".debug_line_str", paths);
    custom(readable, ".debug_line", manyFiles(65_000));
    readable.write(out.toByteArray(), 8, out.size() - 8);
    assertThat(GuestDebug.read(readable.toByteArray()).pack()).hasSizeLessThan(100_000);
  }

  @Test
  void nothingIsKnownOfNothing() {
    assertThat(GuestDebug.read(EMPTY_MODULE).pack()).isEmpty();
    assertThat(GuestDebug.unpack(new byte[0]).name(3)).isEqualTo("function 3");
    assertThat(GuestDebug.unpack(new byte[] {1, 2, 3}).place(3, 4)).isNull();
  }
}
