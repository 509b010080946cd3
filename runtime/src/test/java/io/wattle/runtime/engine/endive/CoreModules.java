package io.wattle.runtime.engine.endive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The core modules that lie in a component, those of the components in it included. */
final class CoreModules {
  private static final int HEADER = 8;
  private static final int CORE_MODULE = 1;
  private static final int COMPONENT = 4;

  private final byte[] bytes;
  private int at = HEADER;

  private CoreModules(byte[] bytes) {
    this.bytes = bytes;
  }

  static List<byte[]> of(byte[] component) {
    return new CoreModules(component).read();
  }

  private List<byte[]> read() {
    List<byte[]> modules = new ArrayList<>();
    while (at < bytes.length) {
      int section = bytes[at++];
      int size = number();
      byte[] content = Arrays.copyOfRange(bytes, at, at + size);
      at += size;
      if (section == CORE_MODULE) {
        modules.add(content);
      } else if (section == COMPONENT) {
        modules.addAll(of(content));
      }
    }
    return modules;
  }

  private int number() {
    int result = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes[at++];
      result |= (b & 0x7f) << shift;
      if (b >= 0) {
        return result;
      }
    }
  }
}
