package io.wattle.runtime.engine.endive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wattle.runtime.engine.endive.split.OtherCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.GlobalImport;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.ImportSection;
import run.endive.wasm.types.MemoryImport;
import run.endive.wasm.types.TableImport;
import run.endive.wasm.types.TagImport;

/**
 * Names of imports are any UTF-8 (core specification, 5.2.4 "names"). Endive's parser takes only
 * what could name something in Java, so it is given a binary with other letters in their places,
 * and what it makes of that gets the names.
 */
final class ImportNames {
  private static final int HEADER = 8;
  private static final int IMPORTS = 2;

  private final byte[] wasm;
  private final Instructions in;
  private final List<String> names = new ArrayList<>();
  private byte[] plain;

  private ImportNames(byte[] wasm) {
    this.wasm = wasm;
    this.in = new Instructions(ByteBuffer.wrap(wasm));
    this.plain = wasm;
  }

  static ImportNames of(byte[] wasm) {
    ImportNames names = new ImportNames(wasm);
    try {
      names.read();
    } catch (RuntimeException e) {
      names.plain = wasm; // it is malformed, as Endive will say
    }
    return names;
  }

  /** The binary with names that Endive takes. */
  byte[] plain() {
    return plain;
  }

  /** What Endive made of that, with the names that there are. */
  @SuppressWarnings("ReferenceEquality") // unless something was replaced, it is the same array
  WasmModule named(WasmModule module) {
    if (plain == wasm) {
      return module;
    }
    ImportSection.Builder imports = ImportSection.builder();
    Iterator<String> next = names.iterator();
    module.importSection().stream()
        .map(wanted -> named(wanted, next.next(), next.next()))
        .forEach(imports::addImport);
    return OtherCode.withImports(module, imports.build());
  }

  private static Import named(Import wanted, String module, String name) {
    return switch (wanted) {
      case FunctionImport f -> new FunctionImport(module, name, f.typeIndex());
      case TableImport t -> new TableImport(module, name, t.entryType(), t.limits());
      case MemoryImport m -> new MemoryImport(module, name, m.limits());
      case GlobalImport g -> new GlobalImport(module, name, g.mutabilityType(), g.type());
      case TagImport t ->
          new TagImport(module, name, t.tagType().attribute(), t.tagType().typeIdx());
      default -> throw new IllegalStateException("import " + wanted.importType());
    };
  }

  private void read() {
    in.at(HEADER);
    while (in.hasMore()) {
      int section = in.u8();
      int end = in.size();
      if (section == IMPORTS) {
        for (int left = in.leb(); left > 0; left--) {
          name();
          name();
          in.externType();
        }
      }
      in.at(end);
    }
  }

  private void name() {
    int end = in.size();
    int start = in.at();
    names.add(new String(wasm, start, end - start, UTF_8));
    for (int i = start; i < end; i++) {
      if (wasm[i] < 0) {
        replace(i);
      }
    }
    in.at(end);
  }

  @SuppressWarnings("ReferenceEquality") // the same array until something is replaced
  private void replace(int at) {
    if (plain == wasm) {
      plain = wasm.clone();
    }
    plain[at] = 'x';
  }
}
