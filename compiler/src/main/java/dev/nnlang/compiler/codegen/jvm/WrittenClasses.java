package dev.nnlang.compiler.codegen.jvm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Class files that were written in this process, by all that they depend on. The programs of a plan
 * have most kernels in common, and so have a program and the next version of it.
 */
final class WrittenClasses {
  /** Files that are kept: those of the largest networks, a few megabytes. */
  private static final int MOST = 2048;

  /**
   * A class file.
   *
   * @param tensors what its code takes from its table of slots, behind the loops' indices, as
   *     numbers of a {@link KernelShape}
   */
  record Written(byte[] file, List<Integer> tensors) {}

  private static final Map<String, Written> WRITTEN =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Written> eldest) {
          return size() > MOST;
        }
      };

  private WrittenClasses() {}

  /** The class file for a text; the supplier writes it if there is none yet. */
  static Written get(String text, Supplier<Written> write) {
    synchronized (WRITTEN) {
      var found = WRITTEN.get(text);
      if (found != null) {
        return found;
      }
    }
    var made = write.get();
    synchronized (WRITTEN) {
      WRITTEN.put(text, made);
    }
    return made;
  }
}
