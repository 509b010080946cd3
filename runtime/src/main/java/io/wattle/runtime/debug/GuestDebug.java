package io.wattle.runtime.debug;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.debug.Bytes.Malformed;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a core module's source: the names of its functions and, where it was compiled
 * with debug information (DWARF), the file and line of each instruction. It is kept in a small
 * packed form, because nobody asks for it until something traps.
 */
public final class GuestDebug {
  /** What there is to know of a module without names. */
  public static final GuestDebug NONE = new GuestDebug(Map.of(), 0, 0, new int[0], LineTable.NONE);

  private static final int LARGEST = 64 << 20;
  private static final int FUNCTION_NAMES = 1;
  private final Map<Integer, String> names;
  private final int imported;
  private final int codeStart;
  private final int[] bodies;
  private final LineTable lines;

  private GuestDebug(
      Map<Integer, String> names, int imported, int codeStart, int[] bodies, LineTable lines) {
    this.names = names;
    this.imported = imported;
    this.codeStart = codeStart;
    this.bodies = bodies;
    this.lines = lines;
  }

  /** Of the binary of a valid module; what of it makes no sense counts as absent. */
  public static GuestDebug read(byte[] wasm) {
    return read(wasm, IntUnaryOperator.identity());
  }

  /**
   * Of a binary whose code was rewritten since its compiler described it.
   *
   * @param moved where the instruction is now that was at an address, both from the start of the
   *     code section's content; it keeps their order
   */
  public static GuestDebug read(byte[] wasm, IntUnaryOperator moved) {
    try {
      ModuleSections module = ModuleSections.of(wasm);
      return new GuestDebug(
          names(module),
          module.imported(),
          module.codeStart(),
          module.bodies(),
          lines(module).moved(moved));
    } catch (Malformed e) {
      return NONE;
    }
  }

  private static Map<Integer, String> names(ModuleSections module) {
    Map<Integer, String> names = new TreeMap<>();
    Bytes section = module.custom().get(ModuleSections.NAME);
    int functions = module.imported() + module.bodies().length;
    try {
      while (section != null && !section.isEmpty()) {
        int kind = section.u8();
        Bytes part = section.part(section.unsigned());
        if (kind == FUNCTION_NAMES) {
          for (int left = part.count(); left > 0; left--) {
            long function = part.unsigned();
            String name = part.text(part.unsigned());
            if (function >= 0 && function < functions) {
              names.put((int) function, name);
            }
          }
        }
      }
    } catch (Malformed e) {
      // What was understood until here is good.
    }
    return names;
  }

  private static LineTable lines(ModuleSections module) {
    LineTable.Builder rows = new LineTable.Builder(1, module.codeEnd() - module.codeStart());
    Bytes section = module.custom().get(".debug_line");
    if (section != null && module.bodies().length > 0) {
      LineProgram.Sections strings =
          new LineProgram.Sections(
              module.custom().get(".debug_str"), module.custom().get(".debug_line_str"));
      try {
        new LineProgram(strings, rows).run(section);
      } catch (Malformed e) {
        // What was understood until here is good.
      }
    }
    return rows.build();
  }

  /** A function's name as its programmer knows it, or its number. */
  public String name(int function) {
    String name = names.get(function);
    return name == null || name.isEmpty() ? "function " + function : RustSymbol.readable(name);
  }

  /**
   * {@code file:line} of an instruction, or null where nothing is known.
   *
   * @param address from the start of the module; its lowest 16 bits are enough, since no function
   *     that is compiled is larger
   */
  public @Nullable String place(int function, int address) {
    int body = function - imported;
    if (body < 0 || body >= bodies.length || address < 0) {
      return null;
    }
    int whole = address > 0xffff ? address : bodies[body] + (address - bodies[body] & 0xffff);
    return lines.at(whole - codeStart);
  }

  /** The packed form. Empty when nothing is known. */
  public byte[] pack() {
    if (names.isEmpty() && lines.isEmpty()) {
      return new byte[0];
    }
    Packed out = new Packed();
    out.number(names.size());
    names.forEach(
        (function, name) -> {
          out.number(function);
          out.text(name);
        });
    out.number(lines.files().size());
    lines.files().forEach(out::text);
    out.number(lines.addresses().length);
    for (int row = 0, address = 0; row < lines.addresses().length; row++) {
      out.number(lines.addresses()[row] - address);
      address = lines.addresses()[row];
      out.number(lines.fileOf()[row] + 1);
      out.number(lines.lines()[row]);
    }
    out.number(imported);
    out.number(codeStart);
    out.number(lines.isEmpty() ? 0 : bodies.length);
    for (int body = 0, before = 0; body < bodies.length && !lines.isEmpty(); body++) {
      out.number(bodies[body] - before);
      before = bodies[body];
    }
    return out.deflated();
  }

  /** From the packed form. Something else counts as nothing. */
  public static GuestDebug unpack(byte[] packed) {
    try {
      Bytes in = new Bytes(inflate(packed));
      Map<Integer, String> names = new TreeMap<>();
      for (int left = in.count(); left > 0; left--) {
        names.put(in.count(), in.text(in.count()));
      }
      List<String> files = new ArrayList<>();
      for (int left = in.count(); left > 0; left--) {
        files.add(in.text(in.count()));
      }
      int rows = in.count();
      if (rows > in.left()) {
        return NONE;
      }
      int[] addresses = new int[rows];
      int[] fileOf = new int[rows];
      int[] lines = new int[rows];
      for (int row = 0; row < rows; row++) {
        addresses[row] = (row == 0 ? 0 : addresses[row - 1]) + in.count();
        fileOf[row] = in.count() - 1;
        lines[row] = in.count();
      }
      int imported = in.count();
      int codeStart = in.count();
      int functions = in.count();
      if (functions > in.left()) {
        return NONE;
      }
      int[] bodies = new int[functions];
      for (int body = 0; body < functions; body++) {
        bodies[body] = (body == 0 ? 0 : bodies[body - 1]) + in.count();
      }
      return new GuestDebug(
          names, imported, codeStart, bodies, new LineTable(files, addresses, fileOf, lines));
    } catch (Malformed | DataFormatException e) {
      return NONE;
    }
  }

  private static byte[] inflate(byte[] packed) throws DataFormatException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(packed);
      byte[] buffer = new byte[1 << 16];
      int read = inflater.inflate(buffer);
      while (read > 0 && out.size() < LARGEST) {
        out.write(buffer, 0, read);
        read = inflater.inflate(buffer);
      }
    }
    return out.toByteArray();
  }

  private static final class Packed {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void number(int value) {
      Leb128.write(bytes, value);
    }

    void text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      number(utf8.length);
      bytes.writeBytes(utf8);
    }

    byte[] deflated() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Deflater deflater = new Deflater(Deflater.BEST_SPEED);
      try (DeflaterOutputStream deflating = new DeflaterOutputStream(out, deflater)) {
        bytes.writeTo(deflating);
      } catch (java.io.IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        deflater.end();
      }
      return out.toByteArray();
    }
  }
}
