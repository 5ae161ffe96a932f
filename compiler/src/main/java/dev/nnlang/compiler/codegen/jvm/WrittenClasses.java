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
   * @param tensors what its code takes from its table of slots, behind the loops' indices and the
   *     sites of draws, as numbers of a {@link KernelShape}
   */
  record Written(byte[] file, List<Integer> tensors) {}

  /**
   * All that a class depends on.
   *
   * @param name that it shows
   * @param what it does for its kernel
   * @param shape the text of the kernel's {@link KernelShape}
   */
  record Key(String name, Precision precision, String what, String shape) {}

  private static final Map<Key, Written> WRITTEN =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Written> eldest) {
          return size() > MOST;
        }
      };

  private WrittenClasses() {}

  /** The class file of a key; the supplier writes it if there is none yet. */
  static Written get(Key key, Supplier<Written> write) {
    synchronized (WRITTEN) {
      var found = WRITTEN.get(key);
      if (found != null) {
        return found;
      }
    }
    var made = write.get();
    synchronized (WRITTEN) {
      WRITTEN.put(key, made);
    }
    return made;
  }
}
