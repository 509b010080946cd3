import static org.objectweb.asm.Opcodes.*;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Rewrites the archives of a distribution so that the JVM's AOT cache can keep what is in them; the
 * classes do the same as before (docs/decisions.md, "What the AOT cache keeps").
 *
 * <p>Classes in the format of Java 5 (picocli, ASM) are left out of the cache, because it wants
 * them verified with stack maps: they get those and the version of Java 7. Switches over types, and
 * {@code equals} and {@code hashCode} of records, are linked by each process anew when they first
 * run: in our classes they become calls of methods that are added to the class.
 */
final class Archivable {
  private static final String OURS = "io/wattle/";

  /** Before it there were no stack maps. */
  private static final int FIRST_WITH_MAPS = V1_6;

  /** The first that is never verified without them. */
  private static final int ALWAYS_WITH_MAPS = V1_7;

  private Archivable() {}

  /** Archives, and folders of them: one class path. */
  public static void main(String[] args) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (String each : args) {
      try (Stream<Path> files = Files.walk(Path.of(each), 1)) {
        paths.addAll(files.filter(file -> file.toString().endsWith(".jar")).sorted().toList());
      }
    }
    List<URL> urls = new ArrayList<>();
    for (Path path : paths) {
      urls.add(path.toUri().toURL());
    }
    Map<Path, byte[]> rewritten = new HashMap<>();
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      for (Path path : paths) {
        try (ZipFile archive = new ZipFile(path.toFile())) {
          if (isToBeRewritten(archive)) {
            rewritten.put(path, rewritten(archive, loader));
          }
        }
      }
    }
    for (Map.Entry<Path, byte[]> each : rewritten.entrySet()) {
      // Moved there, since this may run from the same archive.
      Path whole = Path.of(each.getKey() + ".new");
      Files.write(whole, each.getValue());
      Files.move(whole, each.getKey(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static boolean isToBeRewritten(ZipFile archive) throws IOException {
    boolean found = false;
    for (ZipEntry entry : archive.stream().toList()) {
      if (entry.getName().endsWith(".SF")) {
        return false; // signed
      }
      if (entry.getName().endsWith(".class") && !found) {
        try (var content = archive.getInputStream(entry)) {
          found =
              entry.getName().startsWith(OURS) || version(content.readNBytes(8)) < FIRST_WITH_MAPS;
        }
      }
    }
    return found;
  }

  private static byte[] rewritten(ZipFile archive, ClassLoader loader) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (ZipEntry entry : archive.stream().toList()) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        byte[] content = archive.getInputStream(entry).readAllBytes();
        out.write(entry.getName().endsWith(".class") ? rewritten(content, loader) : content);
      }
    }
    return bytes.toByteArray();
  }

  /**
   * The class, or the same array when it can stay as it is.
   *
   * @param loader knows the classes that it names
   */
  static byte[] rewritten(byte[] bytes, ClassLoader loader) {
    ClassReader reader = new ClassReader(bytes);
    if (version(bytes) < FIRST_WITH_MAPS) {
      try {
        return withMaps(reader, loader);
      } catch (TypeNotPresentException e) {
        return bytes; // names classes that are not here: it runs without being archived
      }
    }
    if (!reader.getClassName().startsWith(OURS)) {
      return bytes;
    }
    ClassWriter writer = new ClassWriter(reader, 0);
    Calls calls = new Calls(writer);
    reader.accept(calls, 0);
    return calls.added.isEmpty() ? bytes : writer.toByteArray();
  }

  private static int version(byte[] bytes) {
    return (bytes[6] & 0xff) << 8 | bytes[7] & 0xff;
  }

  private static byte[] withMaps(ClassReader reader, ClassLoader loader) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected ClassLoader getClassLoader() {
            return loader;
          }
        };
    reader.accept(
        new ClassVisitor(ASM9, writer) {
          @Override
          public void visit(
              int was, int access, String name, String of, String parent, String[] i) {
            super.visit(ALWAYS_WITH_MAPS, access, name, of, parent, i);
          }
        },
        0);
    return writer.toByteArray();
  }

  private interface Body {
    void write(MethodVisitor out);
  }

  private record Added(String name, String descriptor, Body body) {}

  /** Puts a call of a method of the same class where something would be linked. */
  private static final class Calls extends ClassVisitor {
    private final List<Added> added = new ArrayList<>();
    private String owner = "";
    private boolean isInterface;

    Calls(ClassVisitor next) {
      super(ASM9, next);
    }

    @Override
    public void visit(int version, int access, String name, String of, String parent, String[] i) {
      super.visit(version, access, name, of, parent, i);
      owner = name;
      isInterface = (access & ACC_INTERFACE) != 0;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(
          ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {
        @Override
        public void visitInvokeDynamicInsn(
            String called, String type, Handle bootstrap, Object... arguments) {
          Body body = Bodies.of(called, bootstrap, arguments);
          if (body == null) {
            super.visitInvokeDynamicInsn(called, type, bootstrap, arguments);
          } else {
            Added method = new Added(called + "$" + added.size(), type, body);
            added.add(method);
            visitMethodInsn(INVOKESTATIC, owner, method.name, type, isInterface);
          }
        }
      };
    }

    @Override
    public void visitEnd() {
      for (Added method : added) {
        int access = ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC;
        MethodVisitor out = super.visitMethod(access, method.name, method.descriptor, null, null);
        out.visitCode();
        method.body.write(out);
        out.visitMaxs(4, 2); // two longs; two parameters
        out.visitEnd();
      }
      super.visitEnd();
    }
  }

  /** What {@code SwitchBootstraps} and {@code ObjectMethods} say, as bytecode. */
  private static final class Bodies {
    private static final String SWITCHES = "java/lang/runtime/SwitchBootstraps";
    private static final String RECORDS = "java/lang/runtime/ObjectMethods";

    /** Null for what is left to be linked. */
    static Body of(String name, Handle bootstrap, Object[] arguments) {
      return switch (bootstrap.getOwner() + "." + name) {
        case SWITCHES + ".typeSwitch" ->
            Stream.of(arguments).allMatch(Type.class::isInstance)
                ? out -> typeSwitch(out, arguments)
                : null;
        case RECORDS + ".hashCode" -> out -> hash(out, fields(arguments));
        case RECORDS + ".equals" ->
            out -> equal(out, ((Type) arguments[0]).getInternalName(), fields(arguments));
        default -> null;
      };
    }

    /** They stand behind the record's class and the names of its components. */
    private static List<Handle> fields(Object[] arguments) {
      return Stream.of(arguments).skip(2).map(Handle.class::cast).toList();
    }

    /** Of (value, from): -1 for null, else the first type not before {@code from} that fits. */
    private static void typeSwitch(MethodVisitor out, Object[] types) {
      Label next = new Label();
      out.visitVarInsn(ALOAD, 0);
      out.visitJumpInsn(IFNONNULL, next);
      answer(out, -1, next);
      for (int i = 0; i < types.length; i++) {
        next = new Label();
        out.visitVarInsn(ILOAD, 1);
        out.visitIntInsn(SIPUSH, i);
        out.visitJumpInsn(IF_ICMPGT, next);
        out.visitVarInsn(ALOAD, 0);
        out.visitTypeInsn(INSTANCEOF, ((Type) types[i]).getInternalName());
        out.visitJumpInsn(IFEQ, next);
        answer(out, i, next);
      }
      out.visitIntInsn(SIPUSH, types.length);
      out.visitInsn(IRETURN);
    }

    private static void hash(MethodVisitor out, List<Handle> fields) {
      out.visitInsn(ICONST_0);
      for (Handle field : fields) {
        Type type = Type.getType(field.getDesc());
        out.visitIntInsn(SIPUSH, 31);
        out.visitInsn(IMUL);
        get(out, 0, field);
        call(out, type, "hashCode", "(" + general(type) + ")I");
        out.visitInsn(IADD);
      }
      out.visitInsn(IRETURN);
    }

    private static void equal(MethodVisitor out, String record, List<Handle> fields) {
      Label next = new Label();
      out.visitVarInsn(ALOAD, 0);
      out.visitVarInsn(ALOAD, 1);
      out.visitJumpInsn(IF_ACMPNE, next);
      answer(out, 1, next);
      next = new Label();
      out.visitVarInsn(ALOAD, 1);
      out.visitTypeInsn(INSTANCEOF, record);
      out.visitJumpInsn(IFNE, next);
      answer(out, 0, next);
      for (Handle field : fields) {
        next = new Label();
        get(out, 0, field);
        get(out, 1, field);
        same(out, Type.getType(field.getDesc()), next);
        answer(out, 0, next);
      }
      out.visitInsn(ICONST_1);
      out.visitInsn(IRETURN);
    }

    private static void get(MethodVisitor out, int parameter, Handle field) {
      out.visitVarInsn(ALOAD, parameter);
      out.visitTypeInsn(CHECKCAST, field.getOwner());
      out.visitFieldInsn(GETFIELD, field.getOwner(), field.getName(), field.getDesc());
    }

    /** Jumps when the two values on the stack are the same. */
    private static void same(MethodVisitor out, Type type, Label same) {
      String both = "(" + general(type) + general(type) + ")";
      switch (type.getSort()) {
        case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT ->
            out.visitJumpInsn(IF_ICMPEQ, same);
        case Type.LONG, Type.FLOAT, Type.DOUBLE -> {
          call(out, type, "compare", both + "I");
          out.visitJumpInsn(IFEQ, same);
        }
        default -> {
          call(out, type, "equals", both + "Z");
          out.visitJumpInsn(IFNE, same);
        }
      }
    }

    /** Calls a static method of a type's wrapper, or of Objects. */
    private static void call(MethodVisitor out, Type type, String name, String descriptor) {
      String wrapper =
          switch (type.getSort()) {
            case Type.BOOLEAN -> "java/lang/Boolean";
            case Type.BYTE -> "java/lang/Byte";
            case Type.CHAR -> "java/lang/Character";
            case Type.SHORT -> "java/lang/Short";
            case Type.INT -> "java/lang/Integer";
            case Type.LONG -> "java/lang/Long";
            case Type.FLOAT -> "java/lang/Float";
            case Type.DOUBLE -> "java/lang/Double";
            default -> "java/util/Objects";
          };
      out.visitMethodInsn(INVOKESTATIC, wrapper, name, descriptor, false);
    }

    private static String general(Type type) {
      return type.getSort() < Type.ARRAY ? type.getDescriptor() : "Ljava/lang/Object;";
    }

    private static void answer(MethodVisitor out, int constant, Label next) {
      out.visitIntInsn(SIPUSH, constant);
      out.visitInsn(IRETURN);
      out.visitLabel(next);
      out.visitFrame(F_SAME, 0, null, 0, null);
    }
  }
}
