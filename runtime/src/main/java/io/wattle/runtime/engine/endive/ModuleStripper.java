package io.wattle.runtime.engine.endive;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.endive.split.OtherCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;

/**
 * Takes out of a module what nothing needs once it is compiled: the bodies of compiled functions
 * and custom sections. What is left is a valid module still.
 */
final class ModuleStripper {
  private static final int CUSTOM = 0;
  private static final int CODE = 10;
  private static final int HEADER = 8;

  /** No locals, {@code unreachable}, {@code end}: valid for every type of function. */
  private static final byte[] EMPTY_BODY = {3, 0, 0, 0x0b};

  private static final FunctionBody NO_BODY = new FunctionBody(List.of(), List.of());

  private final byte[] wasm;
  private final ByteBuffer in;

  private ModuleStripper(byte[] wasm) {
    this.wasm = wasm;
    this.in = ByteBuffer.wrap(wasm).position(HEADER);
  }

  /**
   * The parsed module without bodies.
   *
   * @param interpreted indices of functions whose bodies stay
   */
  static WasmModule strip(WasmModule module, Set<Integer> interpreted) {
    int imported = module.importSection().count(ExternalType.FUNCTION);
    CodeSection.Builder code =
        CodeSection.builder().setRequiresDataCount(module.codeSection().isRequiresDataCount());
    IntStream.range(0, module.codeSection().functionBodyCount())
        .mapToObj(
            i ->
                interpreted.contains(imported + i)
                    ? module.codeSection().getFunctionBody(i)
                    : NO_BODY)
        .forEach(code::addFunctionBody);
    return OtherCode.of(module, module.typeSection(), module.functionSection(), code.build());
  }

  /**
   * The binary without bodies; it must have been parsed before.
   *
   * @param imported number of imported functions
   */
  static byte[] strip(byte[] wasm, Set<Integer> interpreted, int imported) {
    return new ModuleStripper(wasm).strip(interpreted, imported);
  }

  private byte[] strip(Set<Integer> interpreted, int imported) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(wasm.length / 4);
    out.write(wasm, 0, HEADER);
    while (in.hasRemaining()) {
      int start = in.position();
      int id = in.get();
      int size = Leb128.read(in);
      int end = in.position() + size;
      switch (id) {
        case CUSTOM -> {}
        case CODE -> Leb128.section(out, id, code(interpreted, imported));
        default -> out.write(wasm, start, end - start);
      }
      in.position(end);
    }
    return out.toByteArray();
  }

  private byte[] code(Set<Integer> interpreted, int imported) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = Leb128.read(in);
    Leb128.write(out, count);
    for (int i = 0; i < count; i++) {
      int start = in.position();
      int size = Leb128.read(in);
      in.position(in.position() + size);
      if (interpreted.contains(imported + i)) {
        out.write(wasm, start, in.position() - start);
      } else {
        out.writeBytes(EMPTY_BODY);
      }
    }
    return out.toByteArray();
  }
}
