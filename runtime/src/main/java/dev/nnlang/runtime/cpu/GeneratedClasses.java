package dev.nnlang.runtime.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Loads generated classes. Each is hidden and dies with its last program; programs that hold the
 * same class file share the class, and with it what HotSpot made of it.
 */
final class GeneratedClasses {
  private static final Map<ClassFile, WeakReference<Object>> LOADED = new HashMap<>();

  /** How many entries make it worth looking for those that are dead. */
  private static int crowded = 256;

  /** A class file that is compared by its bytes. */
  private record ClassFile(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof ClassFile(var those) && Arrays.equals(bytes, those);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  private GeneratedClasses() {}

  /** An object of the class, which has no state. */
  static synchronized <T> T load(byte[] bytes, Class<T> type) {
    var key = new ClassFile(bytes);
    var found = LOADED.get(key);
    var living = found == null ? null : found.get();
    if (living == null) {
      living = define(bytes);
      LOADED.put(key, new WeakReference<>(living));
      if (LOADED.size() > crowded) {
        LOADED.values().removeIf(dead -> dead.get() == null);
        crowded = Math.max(crowded, 2 * LOADED.size());
      }
    }
    return type.cast(living);
  }

  private static Object define(byte[] bytes) {
    try {
      var type = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
      return type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("a generated class cannot be loaded", e);
    }
  }
}
