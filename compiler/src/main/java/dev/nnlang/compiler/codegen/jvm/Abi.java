package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.runtime.cpu.Traps;
import java.lang.reflect.Method;
import java.util.Arrays;

/** The Java methods that generated code calls, looked up once; a renamed one fails at once. */
final class Abi {
  static final Method INDEX = method(Traps.class, "index", long.class, int.class, String.class);
  static final Method FLOOR_DIV = method(Math.class, "floorDiv", long.class, long.class);
  static final Method FLOOR_MOD = method(Math.class, "floorMod", long.class, long.class);
  static final Method FLOOR_DIV_INT = method(Math.class, "floorDiv", int.class, int.class);
  static final Method FLOOR_MOD_INT = method(Math.class, "floorMod", int.class, int.class);
  static final Method MIN_INT = method(Math.class, "min", int.class, int.class);
  static final Method MAX_INT = method(Math.class, "max", int.class, int.class);

  private Abi() {}

  /** A static method of {@link Math} over doubles. */
  static Method math(String name, int arguments) {
    var types = new Class<?>[arguments];
    Arrays.fill(types, double.class);
    return method(Math.class, name, types);
  }

  static Method method(Class<?> owner, String name, Class<?>... parameters) {
    try {
      return owner.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      throw new CompilerBug("the runtime has no " + owner.getName() + "." + name, e);
    }
  }
}
