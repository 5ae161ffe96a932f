package dev.nnlang.compiler.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.Charset;

/**
 * Moves {@link System#err} to the descriptor that the launcher kept for it.
 *
 * <p>The JVM writes a warning about incubator modules to its standard error before any program
 * starts, and no option stops it. The launcher therefore gives the JVM a standard error that
 * swallows that line, keeps the real one as another descriptor, and names it in {@code nn.stderr}.
 * Only an inherited descriptor will do: opening {@code /dev/fd/3} anew would lose the position that
 * {@code >log 2>&1} shares between both streams. The JDK has no public way to wrap a descriptor by
 * number, hence the reflection; where it fails, the old stream still reaches the user through the
 * launcher's filter.
 */
final class StandardError {

  private StandardError() {}

  static void restore() {
    Integer descriptor = Integer.getInteger("nn.stderr");
    if (descriptor == null) {
      return;
    }
    try {
      Constructor<FileDescriptor> wrap = FileDescriptor.class.getDeclaredConstructor(int.class);
      wrap.setAccessible(true);
      FileOutputStream stream = new FileOutputStream(wrap.newInstance(descriptor));
      Charset charset = System.err.charset();
      System.setErr(new PrintStream(stream, true, charset));
    } catch (ReflectiveOperationException | RuntimeException closed) {
      // The filtered stream stays: slower by a pipe, and nothing is lost.
    }
  }
}
