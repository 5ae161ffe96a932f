package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.runtime.cpu.Traps;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The Java methods that generated code calls, looked up once; a renamed one fails at once. Those of
 * the Vector API are known by name instead: {@link VectorApiCode}.
 */
final class Abi {
  private static final Map<Wanted, Target> FOUND = new ConcurrentHashMap<>();

  /** How a method is called. */
  record Target(int opcode, String owner, String name, String descriptor, boolean isInterface) {}

  static final Target INDEX = method(Traps.class, "index", long.class, int.class, String.class);
  static final Target FLOOR_DIV = method(Math.class, "floorDiv", long.class, long.class);
  static final Target FLOOR_MOD = method(Math.class, "floorMod", long.class, long.class);
  static final Target FLOOR_DIV_INT = method(Math.class, "floorDiv", int.class, int.class);
  static final Target FLOOR_MOD_INT = method(Math.class, "floorMod", int.class, int.class);
  static final Target MIN_INT = method(Math.class, "min", int.class, int.class);
  static final Target MAX_INT = method(Math.class, "max", int.class, int.class);

  private Abi() {}

  /** A static method of {@link Math} over doubles. */
  static Target math(String name, int arguments) {
    var types = new Class<?>[arguments];
    Arrays.fill(types, double.class);
    return method(Math.class, name, types);
  }

  static Target method(Class<?> owner, String name, Class<?>... parameters) {
    // The library's classes have hundreds of methods, and every search looks at all of them.
    return FOUND.computeIfAbsent(new Wanted(owner, name, List.of(parameters)), Abi::find);
  }

  private record Wanted(Class<?> owner, String name, List<Class<?>> parameters) {}

  private static Target find(Wanted wanted) {
    var owner = wanted.owner();
    var name = wanted.name();
    try {
      var parameters = wanted.parameters().toArray(Class<?>[]::new);
      var found = owner.getMethod(name, parameters);
      boolean isInterface = found.getDeclaringClass().isInterface();
      int opcode =
          Modifier.isStatic(found.getModifiers())
              ? Opcodes.INVOKESTATIC
              : isInterface ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
      return new Target(
          opcode,
          Type.getInternalName(found.getDeclaringClass()),
          name,
          Type.getMethodDescriptor(found),
          isInterface);
    } catch (NoSuchMethodException e) {
      throw new CompilerBug("the runtime has no " + owner.getName() + "." + name, e);
    }
  }
}
