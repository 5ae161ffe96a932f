import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * A jar whose class files are of a version from before 50 (Java 6). The JVM verifies these by
 * inference, and stores none of them in a start-up cache; for picocli that is a quarter of the time
 * in which a command starts. In a newer version a method says itself which types are where; nothing
 * else changes. The classes that are needed for that must be on the class path.
 */
final class RenewedJar {
  /** The first version that is verified by what methods say. */
  private static final int FIRST = Opcodes.V1_6;

  /** The first that has nothing left of the old ways, such as subroutines. */
  private static final int NEW = Opcodes.V1_8;

  private static final int VERSION_AT = 6;

  private RenewedJar() {}

  /** Whether it holds such class files. */
  static boolean isOld(Path jar) throws IOException {
    try (ZipFile from = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        if (isClass(entry)) {
          try (InputStream in = from.getInputStream(entry)) {
            if (isOld(in.readNBytes(VERSION_AT + Short.BYTES))) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private static boolean isClass(ZipEntry entry) {
    return entry.getName().endsWith(".class");
  }

  private static boolean isOld(byte[] file) {
    return ByteBuffer.wrap(file).getShort(VERSION_AT) < FIRST;
  }

  /** Writes it anew, in its place and with its time: the launcher never sees half of it. */
  static void renew(Path jar) throws IOException {
    Path made = jar.resolveSibling(jar.getFileName() + ".new");
    FileTime time = Files.getLastModifiedTime(jar);
    try (ZipFile from = new ZipFile(jar.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(made))) {
      for (ZipEntry entry : List.copyOf(Collections.list(from.entries()))) {
        byte[] file;
        try (InputStream in = from.getInputStream(entry)) {
          file = in.readAllBytes();
        }
        to.putNextEntry(new ZipEntry(entry.getName()));
        to.write(isClass(entry) && isOld(file) ? renewed(file) : file);
        to.closeEntry();
      }
    }
    Files.setLastModifiedTime(made, time);
    Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] renewed(byte[] file) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
    ClassVisitor visitor =
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visit(
              int version,
              int access,
              String name,
              String signature,
              String superName,
              String[] interfaces) {
            super.visit(NEW, access, name, signature, superName, interfaces);
          }
        };
    new ClassReader(file).accept(visitor, ClassReader.SKIP_FRAMES);
    return writer.toByteArray();
  }
}
