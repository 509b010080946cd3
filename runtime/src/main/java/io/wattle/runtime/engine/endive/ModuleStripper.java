package io.wattle.runtime.engine.endive;

import java.io.ByteArrayOutputStream;
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
  private int at;

  private ModuleStripper(byte[] wasm) {
    this.wasm = wasm;
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
    return WasmModule.builder()
        .setTypeSection(module.typeSection())
        .setImportSection(module.importSection())
        .setFunctionSection(module.functionSection())
        .setTableSection(module.tableSection())
        .setMemorySection(module.memorySection().orElse(null))
        .setGlobalSection(module.globalSection())
        .setExportSection(module.exportSection())
        .setStartSection(module.startSection().orElse(null))
        .setElementSection(module.elementSection())
        .setCodeSection(code.build())
        .setDataSection(module.dataSection())
        .setDataCountSection(module.dataCountSection().orElse(null))
        .setTagSection(module.tagSection().orElse(null))
        .withValidation(false)
        .build();
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
    at = HEADER;
    while (at < wasm.length) {
      int start = at;
      int id = wasm[at++];
      int size = number();
      int end = at + size;
      switch (id) {
        case CUSTOM -> {}
        case CODE -> {
          byte[] code = code(interpreted, imported);
          out.write(id);
          number(out, code.length);
          out.writeBytes(code);
        }
        default -> out.write(wasm, start, end - start);
      }
      at = end;
    }
    return out.toByteArray();
  }

  private byte[] code(Set<Integer> interpreted, int imported) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = number();
    number(out, count);
    for (int i = 0; i < count; i++) {
      int start = at;
      int size = number();
      at += size;
      if (interpreted.contains(imported + i)) {
        out.write(wasm, start, at - start);
      } else {
        out.writeBytes(EMPTY_BODY);
      }
    }
    return out.toByteArray();
  }

  /** An unsigned LEB128. */
  private int number() {
    int result = 0;
    int shift = 0;
    byte b;
    do {
      b = wasm[at++];
      result |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    return result;
  }

  private static void number(ByteArrayOutputStream out, int value) {
    int left = value;
    while (left >>> 7 != 0) {
      out.write((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }
}
