package io.wattle.runtime.debug;

import io.wattle.runtime.debug.Bytes.Malformed;
import java.util.HashMap;
import java.util.Map;

/**
 * The parts of a core module that this package reads.
 *
 * @param custom custom sections by name, the first of each
 * @param codeStart where the content of the code section begins, from which DWARF counts
 * @param codeEnd where it ends
 * @param imported number of imported functions
 * @param bodies where each body's first instruction is, from the start of the module
 */
record ModuleSections(
    Map<String, Bytes> custom, int codeStart, int codeEnd, int imported, int[] bodies) {
  private static final int HEADER = 8;
  private static final int CUSTOM = 0;
  private static final int IMPORT = 2;
  private static final int CODE = 10;

  /** The name section's name. */
  static final String NAME = "name";

  /** Of a module that is valid. */
  static ModuleSections of(byte[] wasm) throws Malformed {
    Map<String, Bytes> custom = new HashMap<>();
    int codeStart = 0;
    int codeEnd = 0;
    int imported = 0;
    int[] bodies = {};
    Bytes in = new Bytes(wasm);
    in.skip(HEADER);
    while (!in.isEmpty()) {
      int id = in.u8();
      Bytes section = in.part(in.unsigned());
      switch (id) {
        case CUSTOM -> {
          String name = section.text(section.unsigned());
          custom.putIfAbsent(name, section);
        }
        case IMPORT -> imported = importedFunctions(section);
        case CODE -> {
          codeStart = section.at();
          codeEnd = in.at();
          bodies = bodies(section);
        }
        default -> {}
      }
    }
    return new ModuleSections(custom, codeStart, codeEnd, imported, bodies);
  }

  private static int[] bodies(Bytes code) throws Malformed {
    int count = code.count();
    if (count > code.left()) {
      throw new Malformed("more bodies than bytes");
    }
    int[] bodies = new int[count];
    for (int i = 0; i < count; i++) {
      Bytes body = code.part(code.unsigned());
      for (int left = body.count(); left > 0; left--) {
        var _ = body.unsigned();
        type(body);
      }
      bodies[i] = body.at();
    }
    return bodies;
  }

  private static int importedFunctions(Bytes section) throws Malformed {
    int functions = 0;
    for (int left = section.count(); left > 0; left--) {
      section.skip(section.unsigned());
      section.skip(section.unsigned());
      int kind = section.u8();
      switch (kind) {
        case 0 -> {
          functions++;
          var _ = section.unsigned();
        }
        case 1 -> {
          type(section);
          limits(section);
        }
        case 2 -> limits(section);
        case 3 -> {
          type(section);
          section.skip(1);
        }
        case 4 -> {
          section.skip(1);
          var _ = section.unsigned();
        }
        default -> throw new Malformed("import of kind " + kind);
      }
    }
    return functions;
  }

  /** A value type: one byte, but for references to a type. */
  private static void type(Bytes in) throws Malformed {
    int code = in.u8();
    if (code == 0x63 || code == 0x64) {
      var _ = in.signed();
    }
  }

  private static void limits(Bytes in) throws Malformed {
    int flags = in.u8();
    var _ = in.unsigned();
    if ((flags & 1) != 0) {
      var _ = in.unsigned();
    }
  }
}
