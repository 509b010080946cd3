package io.wattle.runtime.engine.endive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import run.endive.wasm.InvalidException;
import run.endive.wasm.MalformedException;

/**
 * What the binary format says of a module's declarations (core specification, 5.3 "types" and 5.5
 * "modules") and Endive's parser does not ask: which bytes are types, names, flags and attributes.
 */
final class DeclarationRules {
  private static final int HEADER = 8;
  private static final int TYPES = 1;
  private static final int IMPORTS = 2;
  private static final int FUNCTIONS = 3;
  private static final int TABLES = 4;
  private static final int GLOBALS = 6;
  private static final int EXPORTS = 7;
  private static final int ELEMENTS = 9;
  private static final int TAGS = 13;
  private static final int FUNCTION = 0;
  private static final int TAG = 4;
  private static final int FUNCTION_TYPE = 0x60;
  private static final int WITH_ELEMENTS = 0x40;
  private static final int MOST_FLAGS = 7;
  private static final Instructions.Listener NOBODY = (opcode, at, operand) -> {};

  private final byte[] wasm;
  private final Instructions in;
  private final BitSet functionTypes = new BitSet();
  private int types;

  private DeclarationRules(byte[] wasm) {
    this.wasm = wasm;
    this.in = new Instructions(ByteBuffer.wrap(wasm));
  }

  /**
   * Looks through a module that Endive's parser, too, will look through.
   *
   * @throws MalformedException when something is no type, name or flag
   * @throws InvalidException when a function's type is another's
   */
  static void check(byte[] wasm) {
    try {
      new DeclarationRules(wasm).sections();
    } catch (MalformedException | InvalidException e) {
      throw e;
    } catch (RuntimeException e) {
      // Something is cut short, as Endive will say.
    }
  }

  private void sections() {
    in.at(HEADER);
    while (in.hasMore()) {
      int section = in.u8();
      int end = in.size();
      switch (section) {
        case TYPES -> in.types(this::type);
        case IMPORTS -> each(this::wanted);
        case FUNCTIONS -> each(this::ofFunctionType);
        case TABLES -> each(this::table);
        case GLOBALS -> each(this::global);
        case EXPORTS -> each(this::export);
        case ELEMENTS -> each(this::segment);
        case TAGS -> each(this::tag);
        default -> {}
      }
      in.at(end);
    }
  }

  private void each(Runnable part) {
    for (int left = in.leb(); left > 0; left--) {
      part.run();
    }
  }

  private void type(int at) {
    functionTypes.set(types++, wasm[at] == FUNCTION_TYPE);
  }

  private void ofFunctionType() {
    int at = in.at();
    int type = in.leb();
    if (type < 0 || type >= types) {
      throw new InvalidException(
          "at byte " + at + ": unknown type " + Integer.toUnsignedLong(type));
    }
    if (!functionTypes.get(type)) {
      throw new InvalidException("at byte " + at + ": type " + type + " is no function's");
    }
  }

  private void tag() {
    int start = in.at();
    in.tag();
    in.at(start + 1);
    ofFunctionType();
  }

  private void wanted() {
    name();
    name();
    int start = in.at();
    int kind = in.u8();
    switch (kind) {
      case FUNCTION -> ofFunctionType();
      case TAG -> tag();
      default -> {
        in.at(start);
        in.externType();
      }
    }
  }

  private void table() {
    int at = in.at();
    boolean filled = in.u8() == WITH_ELEMENTS;
    if (filled) {
      require(in.u8() == 0, at, "a table that is filled begins with 0x40 0x00");
    } else {
      in.at(at);
    }
    in.reference();
    in.limits();
    if (filled) {
      in.expression(NOBODY);
    }
  }

  private void global() {
    in.value();
    in.skip(1);
    in.expression(NOBODY);
  }

  private void export() {
    name();
    in.skip(1);
    in.skipLeb();
  }

  private void segment() {
    int at = in.at();
    int flags = in.leb();
    require(flags >= 0 && flags <= MOST_FLAGS, at, "malformed elements segment kind");
    boolean active = (flags & 1) == 0;
    boolean explicit = (flags & 2) != 0;
    boolean expressions = (flags & 4) != 0;
    if (active) {
      if (explicit) {
        in.skipLeb();
      }
      in.expression(NOBODY);
    }
    if (!active || explicit) {
      if (expressions) {
        in.reference();
      } else {
        require(in.u8() == 0, in.at() - 1, "malformed element kind (expected: 0)");
      }
    }
    for (int left = in.leb(); left > 0; left--) {
      if (expressions) {
        in.expression(NOBODY);
      } else {
        in.skipLeb();
      }
    }
  }

  private void name() {
    int at = in.at();
    int end = in.size();
    try {
      var _ =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(wasm, in.at(), end - in.at()));
    } catch (CharacterCodingException e) {
      throw new MalformedException("at byte " + at + ": malformed UTF-8 encoding of a name", e);
    }
    in.at(end);
  }

  private static void require(boolean followed, int at, String rule) {
    if (!followed) {
      throw new MalformedException("at byte " + at + ": " + rule);
    }
  }
}
