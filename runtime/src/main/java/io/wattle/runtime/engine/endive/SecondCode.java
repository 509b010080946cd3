package io.wattle.runtime.engine.endive;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.commons.SimpleRemapper;

/**
 * Code for {@link MarkedMemory} out of that for {@link PagedMemory}. They differ in nothing but the
 * class whose helpers they call: nothing has to be compiled again, and a module's classes are on
 * disk once.
 */
final class SecondCode {
  private static final Remapper NAMES =
      new SimpleRemapper(
          Opcodes.ASM9,
          Map.of(
              Type.getInternalName(GuestSupport.class), Type.getInternalName(MarkedSupport.class),
              Type.getInternalName(PagedMemory.class), Type.getInternalName(MarkedMemory.class)));

  private SecondCode() {}

  /** The same classes for the other memory. */
  static Map<String, byte[]> of(Map<String, byte[]> classes) {
    Map<String, byte[]> second = HashMap.newHashMap(classes.size());
    classes.forEach((name, bytes) -> second.put(name, of(bytes)));
    return second;
  }

  private static byte[] of(byte[] bytes) {
    ClassWriter renamed = new ClassWriter(0);
    new ClassReader(bytes).accept(new ClassRemapper(renamed, NAMES), 0);
    return renamed.toByteArray();
  }
}
