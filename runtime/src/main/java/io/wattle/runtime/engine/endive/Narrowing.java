package io.wattle.runtime.engine.endive;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.endive.OffsetExpression.Global;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import run.endive.wasm.InvalidException;
import run.endive.wasm.MalformedException;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/**
 * A module without 64-bit memories and tables and without wide arithmetic, which Endive has not,
 * written for one that has: everything keeps its index, and what was not valid is not valid now.
 * Memories and tables are of 32 bits, and an address that is too large for that becomes one at
 * which there can be nothing ({@link NarrowCode}).
 *
 * @param wasm the binary
 * @param addressTypes what it was before
 * @param moves where its instructions are
 */
record Narrowing(byte[] wasm, AddressTypes addressTypes, Moves moves) {
  /** Bytes that a binary may grow by, and how many times as many if it is larger itself. */
  private static final int MORE = 4 << 20;

  private static final int TIMES = 3;

  /**
   * The module without what Endive has not; empty when it has none of it, or is broken before that
   * can be told.
   *
   * @throws RuntimeException when it has some and is not valid
   */
  static Optional<Narrowing> of(byte[] wasm) {
    Sections sections = new Sections(wasm);
    try {
      byte[] written = sections.written();
      return sections.found
          ? Optional.of(new Narrowing(written, sections.declared.addressTypes(), sections.moves))
          : Optional.empty();
    } catch (InvalidException | MalformedException e) {
      if (sections.found) {
        throw e;
      }
      return Optional.empty();
    } catch (UnsupportedOperationException e) {
      return Optional.empty(); // what is missing has a name
    } catch (RuntimeException e) {
      if (sections.found) {
        throw new MalformedException("unexpected end of section or function", e);
      }
      return Optional.empty(); // what is wrong with it has been said
    }
  }

  /** A walk through the binary. */
  private static final class Sections {
    private static final int HEADER = 8;
    private static final int TYPES = 1;
    private static final int IMPORTS = 2;
    private static final int FUNCTIONS = 3;
    private static final int TABLES = 4;
    private static final int MEMORIES = 5;
    private static final int GLOBALS = 6;
    private static final int ELEMENTS = 9;
    private static final int CODE = 10;
    private static final int DATA = 11;
    private static final int EXPLICIT_TABLE = 0x40;
    private static final int ADDRESSES_64 = 4;
    private static final int I64 = 0x7e;
    private static final int I32_CONST = 0x41;
    private static final int END = 0x0b;

    private final byte[] wasm;
    private final Instructions in;
    private final Declarations declared = new Declarations();
    private final Moves moves = new Moves();
    private final long most;
    private boolean found;

    Sections(byte[] wasm) {
      this.wasm = wasm;
      this.in = new Instructions(ByteBuffer.wrap(wasm));
      this.most = wasm.length + Math.max(MORE, (long) TIMES * wasm.length);
    }

    byte[] written() {
      in.at(HEADER);
      ByteArrayOutputStream out = new ByteArrayOutputStream(wasm.length + wasm.length / 2);
      out.write(wasm, 0, HEADER);
      while (in.hasMore()) {
        int start = in.at();
        int id = in.u8();
        int end = in.size();
        Rewriter content = new Rewriter(wasm, in.at());
        switch (id) {
          case TYPES -> types();
          case IMPORTS -> imports(content);
          case FUNCTIONS -> functions();
          case TABLES -> tables(content);
          case MEMORIES -> memories(content);
          case GLOBALS -> globals();
          case ELEMENTS -> elements(content);
          case CODE -> code(content);
          case DATA -> data(content);
          default -> in.at(end);
        }
        if (in.at() != end) {
          throw new MalformedException("section size mismatch");
        }
        if (content.size() == 0) {
          out.write(wasm, start, end - start);
        } else {
          Leb128.section(out, id, content.upTo(end).written());
        }
      }
      return out.toByteArray();
    }

    private void types() {
      var _ =
          in.types(
              start -> {
                int end = in.at();
                in.at(start);
                declared.parameters.add(in.u8() == 0x60 ? in.leb() : -1);
                in.at(end);
              });
    }

    private void imports(Rewriter out) {
      for (int left = in.leb(); left > 0; left--) {
        in.skip(in.leb());
        in.skip(in.leb());
        switch (in.u8()) {
          case 0 -> {
            declared.functions.add(in.leb());
            declared.importedFunctions++;
          }
          case 1 -> table(out);
          case 2 -> memory(out);
          case 3 -> global();
          case 4 -> {
            in.u8();
            in.leb();
          }
          default -> throw new MalformedException("malformed import kind");
        }
      }
    }

    private void functions() {
      for (int left = in.leb(); left > 0; left--) {
        declared.functions.add(in.leb());
      }
    }

    private void tables(Rewriter out) {
      for (int left = in.leb(); left > 0; left--) {
        int at = in.at();
        boolean explicit = in.u8() == EXPLICIT_TABLE;
        if (explicit) {
          in.u8();
        } else {
          in.at(at);
        }
        table(out);
        if (explicit) {
          in.expression((opcode, place, operand) -> {});
        }
      }
    }

    private void table(Rewriter out) {
      int at = in.at();
      in.value();
      String element = new String(wasm, at, in.at() - at, StandardCharsets.ISO_8859_1);
      limits(NarrowLimits.OF_TABLE, out, declared.wideTables, declared.elements.size());
      declared.elements.add(element);
    }

    private void memories(Rewriter out) {
      for (int left = in.leb(); left > 0; left--) {
        memory(out);
      }
    }

    private void memory(Rewriter out) {
      limits(NarrowLimits.OF_MEMORY, out, declared.wideMemories, declared.memories++);
    }

    private void limits(
        NarrowLimits kind, Rewriter out, Map<Integer, AddressTypes.Limits> wide, int index) {
      // Whatever is wrong with limits that Endive has not is said here.
      int flags = wasm[in.at()];
      found |= (flags & ADDRESSES_64) != 0;
      AddressTypes.Limits limits = kind.read(in, out);
      if (limits != null) {
        wide.put(index, limits);
      }
    }

    private void globals() {
      for (int left = in.leb(); left > 0; left--) {
        global();
        in.expression((opcode, place, operand) -> {});
      }
    }

    private void global() {
      int type = in.u8();
      in.at(in.at() - 1);
      in.value();
      boolean mutable = in.u8() != 0;
      declared.globals.add(
          mutable ? Global.MUTABLE : type == I64 ? Global.CONSTANT_I64 : Global.OF_ANOTHER_TYPE);
    }

    /** Core specification, 5.5.12: the flags say what is there. */
    private void elements(Rewriter out) {
      int count = in.leb();
      for (int i = 0; i < count; i++) {
        int flags = in.leb();
        boolean active = (flags & 1) == 0;
        boolean explicit = (flags & 2) != 0;
        boolean expressions = (flags & 4) != 0;
        if (active) {
          long table = explicit ? in.unsigned(Integer.SIZE) : 0;
          offset(out, declared.isWideTable(table), i, declared.elementOffsets);
        }
        if ((!active || explicit) && expressions) {
          in.value();
        } else if (!active || explicit) {
          in.u8();
        }
        for (int left = in.leb(); left > 0; left--) {
          if (expressions) {
            in.expression((opcode, place, operand) -> {});
          } else {
            in.leb();
          }
        }
      }
    }

    /** Core specification, 5.5.14. */
    private void data(Rewriter out) {
      int count = in.leb();
      for (int i = 0; i < count; i++) {
        int flags = in.leb();
        if (flags != 1) {
          long memory = flags == 2 ? in.unsigned(Integer.SIZE) : 0;
          offset(out, declared.isWideMemory(memory), i, declared.dataOffsets);
        }
        in.skip(in.leb());
      }
    }

    /** Where a segment goes: if it can be told only when it is placed, nobody reads it here. */
    private void offset(
        Rewriter out, boolean wide, int segment, Map<Integer, List<Instruction>> expressions) {
      int start = in.at();
      if (!wide) {
        in.expression((opcode, place, operand) -> {});
        return;
      }
      List<Instruction> offset = OffsetExpression.read(in, declared.globals);
      Instruction first = offset.getFirst();
      int constant = 0;
      if (offset.size() == 1 && first.opcode() == OpCode.I64_CONST) {
        constant = NarrowCode.saturated(first.operand(0));
      } else {
        expressions.put(segment, offset);
      }
      out.upTo(start).bytes(I32_CONST).signed(constant).bytes(END).skipTo(in.at());
    }

    private void code(Rewriter out) {
      int start = in.at();
      int count = in.leb();
      for (int i = 0; i < count; i++) {
        int before = in.at();
        int end = in.size();
        NarrowCode body = new NarrowCode(wasm, in, declared, declared.parametersOf(i));
        byte[] content;
        try {
          content = body.written(end);
        } finally {
          found |= body.changed();
        }
        out.upTo(before).unsigned(content.length);
        body.moved(moves, start, out.size());
        out.bytes(content).skipTo(end);
        if (out.size() > most) {
          throw new InvalidException(
              "the code would be more than "
                  + most
                  + " bytes without wide arithmetic and addresses of 64 bits, which are rewritten");
        }
      }
    }
  }
}
