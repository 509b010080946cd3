package io.wattle.runtime.debug;

import io.wattle.runtime.debug.Bytes.Malformed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The line programs of a {@code .debug_line} section, versions 2 to 5 (DWARF 5, section 6.2). What
 * a program of nonsense gives is nonsense, too, but work and memory stay in proportion to its
 * bytes.
 */
final class LineProgram {
  private static final long LONG_UNIT = 0xffff_ffffL;

  /** Longer tables are not believed. */
  private static final int MOST_FILES = 1 << 16;

  private static final int MOST_FIELDS = 16;
  private static final int DIRECTORY = 2;
  private static final int PATH = 1;

  private final Sections sections;
  private final LineTable.Builder rows;

  /**
   * What line programs refer to.
   *
   * @param strings {@code .debug_str}
   * @param lineStrings {@code .debug_line_str}
   */
  record Sections(@Nullable Bytes strings, @Nullable Bytes lineStrings) {
    private static String text(@Nullable Bytes section, long offset) throws Malformed {
      if (section == null) {
        throw new Malformed("no section of strings");
      }
      return section.from(offset).terminated();
    }
  }

  private record Header(
      int version,
      int step,
      int lineBase,
      int lineRange,
      int opcodeBase,
      int[] operands,
      List<Integer> files) {
    /** Index of a file; versions before 5 count from one. */
    int file(long number) {
      long index = version >= 5 ? number : number - 1;
      return index >= 0 && index < files.size() ? files.get((int) index) : -2;
    }
  }

  LineProgram(Sections sections, LineTable.Builder rows) {
    this.sections = sections;
    this.rows = rows;
  }

  /** Runs the programs of all units; the first that makes no sense is the last. */
  void run(Bytes section) throws Malformed {
    while (!section.isEmpty()) {
      long length = section.fixed(4);
      boolean wide = length == LONG_UNIT;
      if (wide) {
        length = section.fixed(8);
      }
      unit(section.part(length), wide);
    }
  }

  private void unit(Bytes unit, boolean wide) throws Malformed {
    int version = (int) unit.fixed(2);
    if (version < 2 || version > 5) {
      return;
    }
    if (version >= 5) {
      unit.skip(2); // sizes of addresses and of segment selectors
    }
    Bytes header = unit.part(unit.fixed(wide ? 8 : 4));
    program(unit, header(header, version, wide));
  }

  private Header header(Bytes in, int version, boolean wide) throws Malformed {
    int step = in.u8();
    if (version >= 4) {
      in.skip(1); // operations of one instruction: no use for Wasm
    }
    in.skip(1); // whether rows are statements by default
    int lineBase = (byte) in.u8();
    int lineRange = in.u8();
    int opcodeBase = in.u8();
    if (lineRange == 0 || opcodeBase == 0) {
      throw new Malformed("line range 0");
    }
    int[] operands = new int[opcodeBase];
    for (int i = 1; i < opcodeBase; i++) {
      operands[i] = in.u8();
    }
    List<String> directories = new ArrayList<>();
    List<Integer> files = new ArrayList<>();
    if (version >= 5) {
      for (Entry entry : entries(in, wide)) {
        directories.add(entry.path);
      }
      for (Entry entry : entries(in, wide)) {
        files.add(file(directories, entry.directory, entry.path));
      }
    } else {
      directories.add("");
      for (String path = in.terminated(); !path.isEmpty(); path = in.terminated()) {
        directories.add(path);
      }
      for (String path = in.terminated(); !path.isEmpty(); path = in.terminated()) {
        files.add(oldFile(in, directories, path));
      }
    }
    return new Header(version, step, lineBase, lineRange, opcodeBase, operands, files);
  }

  private int oldFile(Bytes in, List<String> directories, String path) throws Malformed {
    long directory = in.unsigned();
    var _ = in.unsigned(); // when it was changed
    var _ = in.unsigned(); // its length
    return file(directories, directory, path);
  }

  /** Directory 0 is where the compiler ran, and of no interest. */
  private int file(List<String> directories, long directory, String path) {
    String before =
        directory > 0 && directory < directories.size() && !path.startsWith("/")
            ? directories.get((int) directory) + "/"
            : "";
    String whole = before + path;
    return rows.file(whole.startsWith("./") ? whole.substring(2) : whole);
  }

  private record Entry(String path, long directory) {}

  private List<Entry> entries(Bytes in, boolean wide) throws Malformed {
    int fields = in.u8();
    if (fields > MOST_FIELDS) {
      throw new Malformed("a file of " + fields + " fields");
    }
    long[] kinds = new long[fields];
    long[] forms = new long[fields];
    for (int i = 0; i < fields; i++) {
      kinds[i] = in.unsigned();
      forms[i] = in.unsigned();
    }
    int count = in.count();
    if (count > Math.min(MOST_FILES, in.left())) {
      throw new Malformed(count + " files");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String path = "";
      long directory = 0;
      for (int field = 0; field < fields; field++) {
        Object value = value(in, forms[field], wide);
        if (kinds[field] == PATH && value instanceof String text) {
          path = text;
        } else if (kinds[field] == DIRECTORY && value instanceof Long number) {
          directory = number;
        }
      }
      entries.add(new Entry(path, directory));
    }
    return entries;
  }

  private Object value(Bytes in, long form, boolean wide) throws Malformed {
    return switch ((int) Math.min(form, 0xff)) {
      case 0x08 -> in.terminated();
      case 0x0e -> Sections.text(sections.strings, in.fixed(wide ? 8 : 4));
      case 0x1f -> Sections.text(sections.lineStrings, in.fixed(wide ? 8 : 4));
      case 0x0b -> in.fixed(1);
      case 0x05 -> in.fixed(2);
      case 0x06 -> in.fixed(4);
      case 0x07 -> in.fixed(8);
      case 0x0f -> in.unsigned();
      case 0x1e -> {
        in.skip(16);
        yield 0L;
      }
      case 0x09 -> {
        in.skip(in.unsigned());
        yield 0L;
      }
      default -> throw new Malformed("form " + form);
    };
  }

  private void program(Bytes in, Header header) throws Malformed {
    long address = 0;
    long line = 1;
    int file = header.file(1);
    while (!in.isEmpty()) {
      int opcode = in.u8();
      if (opcode >= header.opcodeBase) {
        int special = opcode - header.opcodeBase;
        address += (long) header.step * (special / header.lineRange);
        line += header.lineBase + special % header.lineRange;
        rows.row(address, file, line);
        continue;
      }
      switch (opcode) {
        case 0 -> {
          Bytes extended = in.part(in.unsigned());
          switch (extended.u8()) {
            case 1 -> {
              rows.endRun(address);
              address = 0;
              line = 1;
              file = header.file(1);
            }
            case 2 -> address = extended.fixed(Math.min(8, extended.left()));
            default -> {}
          }
        }
        case 1 -> rows.row(address, file, line);
        case 2 -> address += header.step * in.unsigned();
        case 3 -> line += in.signed();
        case 4 -> file = header.file(in.unsigned());
        case 8 -> address += (long) header.step * ((255 - header.opcodeBase) / header.lineRange);
        case 9 -> address += in.fixed(2);
        default -> {
          for (int left = header.operands[opcode]; left > 0; left--) {
            var _ = in.unsigned();
          }
        }
      }
    }
    rows.endRun(address);
  }
}
