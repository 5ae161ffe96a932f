package dev.nnlang.compiler.codegen.jvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** What all generated classes have in common: a constructor, and entries that lead to methods. */
final class ClassHead {
  private ClassHead() {}

  /** Frames need the common class of two references; generated code never mixes unrelated ones. */
  static ClassWriter writer() {
    return new ClassWriter(ClassWriter.COMPUTE_FRAMES | ClassWriter.COMPUTE_MAXS) {
      @Override
      protected String getCommonSuperClass(String a, String b) {
        return "java/lang/Object";
      }
    };
  }

  /** Begins a class that implements an interface of the runtime, with its constructor. */
  static void write(ClassWriter writer, String name, Class<?> implemented) {
    writer.visit(
        Opcodes.V25,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
        name,
        null,
        "java/lang/Object",
        new String[] {Type.getInternalName(implemented)});
    var init = writer.visitMethod(0, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    init.visitInsn(Opcodes.RETURN);
    init.visitMaxs(0, 0);
    init.visitEnd();
  }

  /**
   * A method of the interface: its first parameter is the number of the static method that takes
   * the others.
   *
   * @param target the descriptor of these methods
   */
  static void dispatch(
      ClassWriter writer,
      String owner,
      String entry,
      List<String> methods,
      String target,
      Type... arguments) {
    var parameters = new ArrayList<>(List.of(Type.INT_TYPE));
    parameters.addAll(List.of(arguments));
    var descriptor = Type.getMethodDescriptor(Type.VOID_TYPE, parameters.toArray(Type[]::new));
    var method = writer.visitMethod(Opcodes.ACC_PUBLIC, entry, descriptor, null, null);
    method.visitCode();
    if (!methods.isEmpty()) {
      var labels = new Label[methods.size()];
      Arrays.setAll(labels, _ -> new Label());
      var out = new Label();
      method.visitVarInsn(Opcodes.ILOAD, 1);
      method.visitTableSwitchInsn(0, labels.length - 1, out, labels);
      for (int i = 0; i < labels.length; i++) {
        method.visitLabel(labels[i]);
        for (int slot = 0; slot < arguments.length; slot++) {
          method.visitVarInsn(arguments[slot].getOpcode(Opcodes.ILOAD), slot + 2);
        }
        method.visitMethodInsn(Opcodes.INVOKESTATIC, owner, methods.get(i), target, false);
        method.visitInsn(Opcodes.RETURN);
      }
      method.visitLabel(out);
    }
    method.visitInsn(Opcodes.RETURN);
    method.visitMaxs(0, 0);
    method.visitEnd();
  }
}
