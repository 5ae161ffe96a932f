package dev.nnlang.compiler.codegen.jvm;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A thin skin over ASM: typed locals instead of slot numbers, structured loops and branches instead
 * of labels. The operand stack is empty at the edges of loops.
 */
final class Code {
  /** A local variable; its slot also tells which of two loops is the inner one. */
  record Local(int slot, Kind kind) {}

  private final MethodVisitor method;
  private int nextSlot;
  private int size;

  Code(MethodVisitor method, int firstFreeSlot) {
    this.method = method;
    this.nextSlot = firstFreeSlot;
    method.visitCode();
  }

  /** An upper bound of the bytes written so far. */
  int size() {
    return size;
  }

  void end() {
    op(Opcodes.RETURN);
    method.visitMaxs(0, 0);
    method.visitEnd();
  }

  /** What follows comes from this line of the source file. */
  void line(int line) {
    var label = new Label();
    method.visitLabel(label);
    method.visitLineNumber(line, label);
  }

  // Locals.

  Local local(Kind kind) {
    var local = new Local(nextSlot, kind);
    nextSlot += kind.slots;
    return local;
  }

  Code load(Local local) {
    method.visitVarInsn(local.kind.load, local.slot);
    size += local.slot < 4 ? 1 : local.slot < 256 ? 2 : 4;
    return this;
  }

  Code store(Local local) {
    method.visitVarInsn(local.kind.store, local.slot);
    size += local.slot < 4 ? 1 : local.slot < 256 ? 2 : 4;
    return this;
  }

  /** Takes the top of the stack into a new local. */
  Local keep(Kind kind) {
    var local = local(kind);
    store(local);
    return local;
  }

  Code increment(Local local) {
    method.visitIincInsn(local.slot, 1);
    size += local.slot < 256 ? 3 : 6;
    return this;
  }

  Code decrement(Local local) {
    method.visitIincInsn(local.slot, -1);
    size += local.slot < 256 ? 3 : 6;
    return this;
  }

  // Constants and plain instructions.

  Code constant(int value) {
    if (value >= -1 && value <= 5) {
      return op(Opcodes.ICONST_0 + value);
    }
    if (value == (short) value) {
      method.visitIntInsn(value == (byte) value ? Opcodes.BIPUSH : Opcodes.SIPUSH, value);
    } else {
      method.visitLdcInsn(value);
    }
    size += 3;
    return this;
  }

  Code constant(long value) {
    if (value == 0 || value == 1) {
      return op(value == 0 ? Opcodes.LCONST_0 : Opcodes.LCONST_1);
    }
    method.visitLdcInsn(value);
    size += 3;
    return this;
  }

  Code constant(float value) {
    method.visitLdcInsn(value);
    size += 3;
    return this;
  }

  Code constant(double value) {
    method.visitLdcInsn(value);
    size += 3;
    return this;
  }

  Code constant(String value) {
    method.visitLdcInsn(value);
    size += 3;
    return this;
  }

  Code op(int opcode) {
    method.visitInsn(opcode);
    size += 1;
    return this;
  }

  Code call(Abi.Target target) {
    method.visitMethodInsn(
        target.opcode(), target.owner(), target.name(), target.descriptor(), target.isInterface());
    size += 5;
    return this;
  }

  Code cast(Type type) {
    method.visitTypeInsn(Opcodes.CHECKCAST, type.getInternalName());
    size += 3;
    return this;
  }

  /** Adds a constant to an int. */
  Code advance(Local local, int by) {
    method.visitIincInsn(local.slot, by);
    size += local.slot < 256 ? 3 : 6;
    return this;
  }

  Code field(Class<?> owner, String name, Class<?> type) {
    method.visitFieldInsn(
        Opcodes.GETFIELD, Type.getInternalName(owner), name, Type.getDescriptor(type));
    size += 3;
    return this;
  }

  Code staticField(Type owner, String name, Type type) {
    method.visitFieldInsn(Opcodes.GETSTATIC, owner.getInternalName(), name, type.getDescriptor());
    size += 3;
    return this;
  }

  // Structure.

  /** Runs the body while {@code index < end}; the caller has set the index. */
  void upTo(Local index, Local end, Runnable body) {
    var top = new Label();
    var out = new Label();
    method.visitLabel(top);
    load(index).load(end);
    jump(Opcodes.IF_ICMPGE, out);
    body.run();
    increment(index);
    jump(Opcodes.GOTO, top);
    method.visitLabel(out);
  }

  /** Runs the body while {@code left > 0}; the body makes it smaller. */
  void whilePositive(Local left, Runnable body) {
    var top = new Label();
    var out = new Label();
    method.visitLabel(top);
    load(left);
    jump(Opcodes.IFLE, out);
    body.run();
    jump(Opcodes.GOTO, top);
    method.visitLabel(out);
  }

  /**
   * Runs the body while {@code index < end}; the body makes the index larger. With {@code <=}
   * HotSpot would take it that the loop goes round once, and compile it again when it does not.
   */
  void whileBelow(Local index, Local end, Runnable body) {
    var top = new Label();
    var out = new Label();
    method.visitLabel(top);
    load(index).load(end);
    jump(Opcodes.IF_ICMPGE, out);
    body.run();
    jump(Opcodes.GOTO, top);
    method.visitLabel(out);
  }

  /** Runs the body while {@code index >= 0}, counting down; the caller has set the index. */
  void downToZero(Local index, Runnable body) {
    var top = new Label();
    var out = new Label();
    method.visitLabel(top);
    load(index);
    jump(Opcodes.IFLT, out);
    body.run();
    decrement(index);
    jump(Opcodes.GOTO, top);
    method.visitLabel(out);
  }

  /** Takes a boolean (an int) from the stack. */
  void ifThen(Runnable then) {
    var out = new Label();
    jump(Opcodes.IFEQ, out);
    then.run();
    method.visitLabel(out);
  }

  /** Takes a boolean; both branches leave the stack alike. */
  void ifElse(Runnable then, Runnable otherwise) {
    var other = new Label();
    var out = new Label();
    jump(Opcodes.IFEQ, other);
    then.run();
    jump(Opcodes.GOTO, out);
    method.visitLabel(other);
    otherwise.run();
    method.visitLabel(out);
  }

  /** Leaves 1 if the jump's condition holds for what is on the stack, else 0. */
  Code truth(int jumpIfTrue) {
    var yes = new Label();
    var out = new Label();
    jump(jumpIfTrue, yes);
    op(Opcodes.ICONST_0);
    jump(Opcodes.GOTO, out);
    method.visitLabel(yes);
    op(Opcodes.ICONST_1);
    method.visitLabel(out);
    return this;
  }

  private void jump(int opcode, Label target) {
    method.visitJumpInsn(opcode, target);
    size += 3;
  }
}
