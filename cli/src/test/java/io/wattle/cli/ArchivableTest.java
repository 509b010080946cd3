package io.wattle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What {@code build/Archivable.java} makes of classes does the same as they did. */
final class ArchivableTest {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir static Path folder;
  private static Method rewritten;
  private static Method main;

  @BeforeAll
  static void compile() throws Exception {
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                CLASS_PATH,
                "-d",
                folder.toString(),
                "../build/Archivable.java");
    assertThat(code).isZero();
    Class<?> tool =
        Class.forName(
            "Archivable",
            true,
            new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, ArchivableTest.class.getClassLoader()));
    rewritten = tool.getDeclaredMethod("rewritten", byte[].class, ClassLoader.class);
    rewritten.setAccessible(true);
    main = tool.getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
  }

  @Test
  void switchesAndRecordsAnswerTheSameAndAreLinkedNoMore() throws Exception {
    Set<String> before = new TreeSet<>();
    Set<String> after = new TreeSet<>();
    ClassLoader loader =
        new ClassLoader(ArchivableTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(name);
            if (known != null || !name.startsWith(ArchivableSample.class.getName())) {
              return known != null ? known : super.loadClass(name, resolve);
            }
            try (InputStream in =
                ArchivableTest.class.getResourceAsStream(
                    name.substring(name.lastIndexOf('.') + 1) + ".class")) {
              byte[] was = in.readAllBytes();
              byte[] is = (byte[]) rewritten.invoke(null, was, this);
              before.addAll(linked(was));
              after.addAll(linked(is));
              return defineClass(name, is, 0, is.length);
            } catch (IOException | ReflectiveOperationException e) {
              throw new ClassNotFoundException(name, e);
            }
          }
        };
    Class<?> sample = loader.loadClass(ArchivableSample.class.getName());
    Method answers = sample.getDeclaredMethod("answers");
    answers.setAccessible(true);

    assertThat(sample).isNotSameAs(ArchivableSample.class);
    assertThat(answers.invoke(null)).isEqualTo(ArchivableSample.answers());
    assertThat(before).contains("typeSwitch of classes", "equals", "hashCode");
    assertThat(after)
        .contains("typeSwitch of others", "toString")
        .doesNotContain("typeSwitch of classes", "equals", "hashCode");
  }

  /** What is linked at run time of switches and records. */
  private static Set<String> linked(byte[] bytes) {
    Set<String> linked = new TreeSet<>();
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String method, String type, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitInvokeDynamicInsn(
                      String name, String descriptor, Handle bootstrap, Object... arguments) {
                    boolean classes =
                        List.of(arguments).stream()
                            .allMatch(org.objectweb.asm.Type.class::isInstance);
                    linked.add(
                        name.equals("typeSwitch")
                            ? name + (classes ? " of classes" : " of others")
                            : name);
                  }
                };
              }
            },
            0);
    return linked;
  }

  @Test
  void oldClassesGetStackMapsThatTheJvmAccepts() throws Exception {
    List<Path> archives = new ArrayList<>();
    for (String each : CLASS_PATH.split(File.pathSeparator)) {
      Path archive = Path.of(each);
      if (archive.getFileName().toString().matches("(picocli|asm)-.*\\.jar")) {
        Path copy = folder.resolve(archive.getFileName());
        archives.add(Files.copy(archive, copy, StandardCopyOption.REPLACE_EXISTING));
      }
    }
    assertThat(archives).hasSizeGreaterThan(1);
    main.invoke(null, (Object) new String[] {folder.toString()});

    List<URL> urls = new ArrayList<>();
    for (Path archive : archives) {
      urls.add(archive.toUri().toURL());
    }
    int verified = 0;
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      for (Path archive : archives) {
        for (String name : classes(archive)) {
          // Initialising verifies first.
          assertThat(Class.forName(name, true, loader).getClassLoader()).isSameAs(loader);
          verified++;
        }
      }
    }
    assertThat(verified).isGreaterThan(200);
  }

  /** Its classes, each of a version with stack maps. */
  private static List<String> classes(Path archive) throws IOException {
    List<String> names = new ArrayList<>();
    try (ZipFile file = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : file.stream().toList()) {
        if (entry.getName().matches("[^-]*\\.class")) {
          byte[] bytes = file.getInputStream(entry).readAllBytes();
          assertThat(bytes[7]).as(entry.getName()).isGreaterThanOrEqualTo((byte) Opcodes.V1_6);
          names.add(entry.getName().replace('/', '.').replace(".class", ""));
        }
      }
    }
    return names;
  }

  @Test
  void whatCanStayStays() throws Exception {
    byte[] plain;
    try (InputStream in = ClassWriter.class.getResourceAsStream("/io/wattle/cli/Main.class")) {
      plain = in.readAllBytes();
    }
    assertThat((byte[]) rewritten.invoke(null, plain, ArchivableTest.class.getClassLoader()))
        .isSameAs(plain);
  }
}
