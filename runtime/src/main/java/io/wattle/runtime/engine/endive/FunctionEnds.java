package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.InvalidModuleException;
import java.nio.ByteBuffer;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.FunctionBody;

/**
 * A function's body ends with an {@code end} of its own, at the byte that its size says (core
 * specification, 5.4.9 "expressions" and 5.5.13 "code section"). Endive's parser takes the end of a
 * block for it, and reads over a size that is too small.
 */
final class FunctionEnds {
  private static final int HEADER = 8;
  private static final int CODE = 10;

  private FunctionEnds() {}

  /**
   * @param wasm the binary
   * @param module what Endive's parser made of it, with or without its custom sections
   */
  static void check(byte[] wasm, WasmModule module) throws InvalidModuleException {
    FunctionBody[] bodies = module.codeSection().functionBodies();
    if (bodies.length == 0) {
      return;
    }
    Instructions in = new Instructions(ByteBuffer.wrap(wasm));
    int sectionEnd = codeSection(in);
    // The parser has seen to it that the last body ends where the section does.
    int moved = sectionEnd - behind(bodies[bodies.length - 1]);
    in.leb();
    for (FunctionBody body : bodies) {
      int end = in.size();
      if (last(body).depth() > 0) {
        throw malformed(
            end, "a function's body ends within a block: END opcode expected (one more)");
      }
      if (end != behind(body) + moved) {
        throw malformed(end, "a function's size ends here, its body at " + (behind(body) + moved));
      }
      in.at(end);
    }
  }

  /** Goes to where the code section begins: where it ends. */
  private static int codeSection(Instructions in) {
    in.at(HEADER);
    while (true) {
      int id = in.u8();
      int end = in.size();
      if (id == CODE) {
        return end;
      }
      in.at(end);
    }
  }

  private static AnnotatedInstruction last(FunctionBody body) {
    return body.instructions().getLast();
  }

  /** An {@code end} is one byte. */
  private static int behind(FunctionBody body) {
    return last(body).address() + 1;
  }

  private static InvalidModuleException malformed(int at, String rule) {
    return new InvalidModuleException(
        "core module: code section: at byte " + at + ": " + rule,
        new IllegalArgumentException(rule),
        true);
  }
}
