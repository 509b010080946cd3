package io.wattle.runtime.engine.endive;

import io.wattle.runtime.binary.Leb128;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The core modules that lie in a component, those of the components in it included. */
final class CoreModules {
  private static final int HEADER = 8;
  private static final int CORE_MODULE = 1;
  private static final int COMPONENT = 4;

  private CoreModules() {}

  static List<byte[]> of(byte[] component) {
    List<byte[]> modules = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(component).position(HEADER);
    while (in.hasRemaining()) {
      int section = in.get();
      byte[] content = new byte[Leb128.read(in)];
      in.get(content);
      if (section == CORE_MODULE) {
        modules.add(content);
      } else if (section == COMPONENT) {
        modules.addAll(of(content));
      }
    }
    return modules;
  }
}
