package io.wattle.runtime.engine.endive;

import static io.wattle.runtime.engine.endive.RandomModule.bytes;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An engine that puts so much before the code of some functions that the JVM has no room for it:
 * compiled functions and interpreted ones call each other, in one instance and between several.
 */
final class LargeEngine implements CoreEngine {
  private static final int CODE = 10;
  private static final int HEADER = 8;

  /** Of three bytes of bytecode each, too many for 64 KiB. */
  private static final int STEPS = 23_000;

  private final CoreEngine compiling = Guests.engine(Execution.COMPILED);
  private final Set<String> large;

  /**
   * @param large under which names such functions are exported
   */
  LargeEngine(Set<String> large) {
    this.large = large;
  }

  @Override
  public CoreModule compile(byte[] wasm) throws InvalidModuleException {
    EndiveModule small = (EndiveModule) compiling.compile(wasm);
    Set<Integer> indices =
        large.stream()
            .map(small::exported)
            .filter(Objects::nonNull)
            .map(exported -> exported.index() - small.importedFunctions)
            .collect(Collectors.toSet());
    EndiveModule module = (EndiveModule) compiling.compile(enlarged(wasm, indices));
    if (!indices.isEmpty() && !module.running().interpreted()) {
      throw new AssertionError("none is too large");
    }
    return module;
  }

  private static byte[] enlarged(byte[] wasm, Set<Integer> indices) {
    ByteBuffer in = ByteBuffer.wrap(wasm).position(HEADER);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(wasm, 0, HEADER);
    while (in.hasRemaining()) {
      int id = in.get();
      byte[] content = new byte[Leb128.read(in)];
      in.get(content);
      Leb128.section(
          out, id, id == CODE ? enlargedBodies(ByteBuffer.wrap(content), indices) : content);
    }
    return out.toByteArray();
  }

  private static byte[] enlargedBodies(ByteBuffer in, Set<Integer> indices) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = Leb128.read(in);
    Leb128.write(out, count);
    for (int i = 0; i < count; i++) {
      byte[] body = new byte[Leb128.read(in)];
      in.get(body);
      byte[] given = indices.contains(i) ? enlarged(ByteBuffer.wrap(body), body) : body;
      Leb128.write(out, given.length);
      out.writeBytes(given);
    }
    return out.toByteArray();
  }

  private static byte[] enlarged(ByteBuffer in, byte[] body) {
    for (int groups = Leb128.read(in); groups > 0; groups--) {
      int _ = Leb128.read(in);
      int type = in.get();
      if (type == 0x63 || type == 0x64) {
        int _ = Leb128.read(in); // what it refers to
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(body, 0, in.position());
    // Keeps the splitter away: block, ref.null, br_on_null, drop, end.
    out.writeBytes(bytes(0x02, 0x40, 0xd0, 0x70, 0xd5, 0, 0x1a, 0x0b));
    for (int i = 0; i < STEPS; i++) {
      out.writeBytes(bytes(0x41, 0xff, 0, 0x1a)); // i32.const 127, drop
    }
    out.write(body, in.position(), in.remaining());
    return out.toByteArray();
  }

  @Override
  public MemoryBudget memory() {
    return compiling.memory();
  }

  @Override
  public CoreStore newStore(
      StoreLimits limits, MemoryBudget memory, @Nullable CoreSnapshot snapshot, int kept) {
    return compiling.newStore(limits, memory, snapshot, kept);
  }

  @Override
  public void close() {
    compiling.close();
  }
}
