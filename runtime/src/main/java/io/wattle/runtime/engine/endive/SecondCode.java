package io.wattle.runtime.engine.endive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Type;

/**
 * Code for {@link MarkedMemory} out of that for {@link PagedMemory}. They differ in nothing but the
 * class whose helpers they call, which a class file names in one constant: nothing has to be
 * compiled again, and a module's classes are on disk once.
 */
final class SecondCode {
  private static final Map<String, String> NAMES =
      Map.of(
          Type.getInternalName(GuestSupport.class), Type.getInternalName(MarkedSupport.class),
          Type.getInternalName(PagedMemory.class), Type.getInternalName(MarkedMemory.class));

  /** Tag of a constant that is a string in modified UTF-8, behind a length of two bytes. */
  private static final int UTF8 = 1;

  private SecondCode() {}

  /** The same classes for the other memory. */
  static Map<String, byte[]> of(Map<String, byte[]> classes) {
    Map<String, byte[]> second = HashMap.newHashMap(classes.size());
    classes.forEach((name, bytes) -> second.put(name, of(bytes)));
    return second;
  }

  private static byte[] of(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    Map<Integer, byte[]> found = new LinkedHashMap<>();
    for (int i = 1; i < reader.getItemCount(); i++) {
      // Where the constant's content begins; 0 behind those that take two numbers.
      int at = reader.getItem(i);
      if (at > 0 && bytes[at - 1] == UTF8) {
        String instead = NAMES.get(text(bytes, at + 2, reader.readUnsignedShort(at)));
        if (instead != null) {
          found.put(at, instead.getBytes(StandardCharsets.US_ASCII));
        }
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 64);
    int done = 0;
    for (Map.Entry<Integer, byte[]> each : found.entrySet()) {
      int at = each.getKey();
      byte[] name = each.getValue();
      out.write(bytes, done, at - done);
      out.write(name.length >>> Byte.SIZE);
      out.write(name.length);
      out.writeBytes(name);
      done = at + 2 + reader.readUnsignedShort(at);
    }
    out.write(bytes, done, bytes.length - done);
    return out.toByteArray();
  }

  /** Empty where it cannot be one of the names. */
  private static String text(byte[] bytes, int from, int length) {
    return length > MAX
        ? ""
        : new String(Arrays.copyOfRange(bytes, from, from + length), StandardCharsets.ISO_8859_1);
  }

  private static final int MAX =
      NAMES.keySet().stream().mapToInt(String::length).max().orElseThrow();
}
