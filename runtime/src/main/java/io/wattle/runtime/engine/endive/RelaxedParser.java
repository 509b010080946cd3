package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.OtherCode;
import io.wattle.runtime.engine.endive.vector.RelaxedOp;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import run.endive.wasm.MalformedException;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.Instruction;

/**
 * Endive's parser, which takes instructions of relaxed SIMD for atomic ones. It is given binaries
 * in which others stand for them that are as long, and what it makes of those is marked where they
 * mean something else. Whoever has the binary still has the author's.
 */
final class RelaxedParser {
  private static final int HEADER = 8;
  private static final int CODE = 10;
  private static final int PREFIX = 0xfd;

  private final byte[] wasm;
  private final Instructions in;

  /** What there is, by the place of its prefix. */
  private final Map<Integer, Integer> found = new HashMap<>();

  private RelaxedParser(byte[] wasm) {
    this.wasm = wasm;
    this.in = new Instructions(ByteBuffer.wrap(wasm));
  }

  /**
   * Parses a module.
   *
   * @param validated whether it is not known to be valid, or what the validator notes is needed
   */
  static WasmModule parse(byte[] wasm, boolean validated) {
    RelaxedParser parser = new RelaxedParser(wasm);
    parser.find();
    if (parser.found.isEmpty()) {
      return endive(wasm, validated);
    }
    Map<Integer, RelaxedOp> known = parser.known();
    return marked(endive(parser.patched(known), validated), known);
  }

  private static WasmModule endive(byte[] wasm, boolean validated) {
    ImportNames names = ImportNames.of(wasm);
    WasmModule module =
        names.named(
            CommonTypes.of(
                Parser.builder()
                    .withValidation(false)
                    .build()
                    .parse(() -> new ByteArrayInputStream(names.plain()))));
    return validated ? OtherCode.validated(module) : module;
  }

  private void find() {
    try {
      in.at(HEADER);
      while (in.hasMore()) {
        boolean code = in.u8() == CODE;
        int end = in.size();
        if (code && mayHaveSome(in.at(), end)) {
          functions();
        }
        in.at(end);
      }
    } catch (RuntimeException e) {
      found.clear(); // it is malformed, as Endive will say
    }
  }

  /** Whether three bytes look like it: then all instructions are read. */
  private boolean mayHaveSome(int from, int to) {
    for (int i = from; i < to - 2; i++) {
      if ((wasm[i] & 0xff) == PREFIX && wasm[i + 1] < 0 && (wasm[i + 2] & 0x7f) == 2) {
        return true;
      }
    }
    return false;
  }

  private void functions() {
    for (int left = in.leb(); left > 0; left--) {
      int end = in.size();
      for (int locals = in.leb(); locals > 0; locals--) {
        in.leb();
        in.value();
      }
      while (in.at() < end) {
        in.instruction(
            (opcode, at, operand) -> {
              if (opcode >= Instructions.RELAXED) {
                found.put(at, opcode - Instructions.RELAXED);
              }
            });
      }
    }
  }

  private Map<Integer, RelaxedOp> known() {
    Map<Integer, RelaxedOp> known = new HashMap<>();
    found.forEach(
        (at, code) -> {
          RelaxedOp op = RelaxedOp.of(code);
          if (op == null) {
            throw new MalformedException("illegal opcode fd 0x" + Integer.toHexString(code));
          }
          known.put(at, op);
        });
    return known;
  }

  private byte[] patched(Map<Integer, RelaxedOp> known) {
    byte[] patched = wasm.clone();
    known.forEach(
        (at, op) -> {
          int left = op.standIn().opcode() & 0xff;
          int place = at + 1;
          for (; patched[place] < 0; place++) {
            patched[place] = (byte) ((left & 0x7f) | 0x80);
            left >>>= 7;
          }
          patched[place] = (byte) left;
        });
    return patched;
  }

  private static WasmModule marked(WasmModule module, Map<Integer, RelaxedOp> known) {
    CodeSection.Builder code =
        CodeSection.builder().setRequiresDataCount(module.codeSection().isRequiresDataCount());
    for (FunctionBody body : module.codeSection().functionBodies()) {
      List<AnnotatedInstruction> instructions =
          body.instructions().stream().map(each -> marked(each, known)).toList();
      code.addFunctionBody(new FunctionBody(body.localTypes(), instructions));
    }
    return OtherCode.of(module, module.typeSection(), module.functionSection(), code.build());
  }

  private static AnnotatedInstruction marked(
      AnnotatedInstruction instruction, Map<Integer, RelaxedOp> known) {
    RelaxedOp op = known.get(instruction.address());
    if (op == null || op.mark() == 0) {
      return instruction;
    }
    return AnnotatedInstruction.builder()
        .from(new Instruction(instruction.address(), instruction.opcode(), new long[] {op.mark()}))
        .withDepth(instruction.depth())
        .build();
  }
}
