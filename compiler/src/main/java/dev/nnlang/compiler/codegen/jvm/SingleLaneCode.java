package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr.Comparison;
import org.objectweb.asm.Opcodes;

/**
 * One lane, where there are no vectors: a real is a scalar, a mask a truth value. Every instruction
 * gives the bits that a lane of a vector would have.
 */
final class SingleLaneCode extends VectorCode {
  private final Kind kind;

  SingleLaneCode(Code code, Precision precision) {
    super(code, precision);
    this.kind = precision.kind();
  }

  @Override
  Kind reals() {
    return kind;
  }

  @Override
  Kind masks() {
    return Kind.INT;
  }

  // Memory.

  @Override
  Local read() {
    return code.op(kind.arrayLoad).keep(kind);
  }

  @Override
  void write(Local value) {
    code.load(value).op(kind.arrayStore);
  }

  // Values.

  @Override
  Local broadcast() {
    return code.keep(kind);
  }

  @Override
  Local constant(double value) {
    real(value);
    return code.keep(kind);
  }

  @Override
  Local apply(String name, Local x) {
    code.load(x);
    switch (name) {
      case "abs" -> code.call(Abi.method(Math.class, name, scalar));
      case "neg" -> code.op(kind.of(Opcodes.INEG));
      // The root of a float, rounded to a double and then to a float, is the nearest float.
      case "sqrt" -> {
        if (single) {
          code.op(Opcodes.F2D);
        }
        code.call(Abi.math(name, 1));
        if (single) {
          code.op(Opcodes.D2F);
        }
      }
      default -> throw new CompilerBug("no function of a lane: " + name);
    }
    return code.keep(kind);
  }

  @Override
  Local apply(String name, Local x, Local y) {
    code.load(x).load(y);
    operation(name);
    return code.keep(kind);
  }

  @Override
  Local apply(String name, Local x, double y) {
    code.load(x);
    real(y);
    operation(name);
    return code.keep(kind);
  }

  private void operation(String name) {
    switch (name) {
      case "add" -> code.op(kind.of(Opcodes.IADD));
      case "sub" -> code.op(kind.of(Opcodes.ISUB));
      case "mul" -> code.op(kind.of(Opcodes.IMUL));
      case "div" -> code.op(kind.of(Opcodes.IDIV));
      case "min", "max" -> code.call(Abi.method(Math.class, name, scalar, scalar));
      default -> throw new CompilerBug("no operation on lanes: " + name);
    }
  }

  @Override
  void addProduct(Local x, Local y, Local sum) {
    multiplyAdd(x, y, sum);
    code.store(sum);
  }

  @Override
  Local fma(Local x, Local y, Local z) {
    multiplyAdd(x, y, z);
    return code.keep(kind);
  }

  private void multiplyAdd(Local x, Local y, Local z) {
    code.load(x).load(y).load(z);
    code.call(Abi.method(Math.class, "fma", scalar, scalar, scalar));
  }

  // Masks.

  @Override
  Local compare(String test, Local x, Local y) {
    code.load(x).load(y);
    return compared(test);
  }

  @Override
  Local compare(String test, Local x, double y) {
    code.load(x);
    real(y);
    return compared(test);
  }

  private Local compared(String test) {
    ScalarOps.compareReals(code, kind, Comparison.valueOf(test));
    return code.keep(Kind.INT);
  }

  @Override
  Local blend(Local x, Local y, Local mask) {
    code.load(mask);
    code.ifElse(() -> code.load(y), () -> code.load(x));
    return code.keep(kind);
  }

  @Override
  Local blend(Local x, double y, Local mask) {
    code.load(mask);
    code.ifElse(() -> real(y), () -> code.load(x));
    return code.keep(kind);
  }

  @Override
  Local and(Local a, Local b) {
    return code.load(a).load(b).op(Opcodes.IAND).keep(Kind.INT);
  }

  @Override
  Local or(Local a, Local b) {
    return code.load(a).load(b).op(Opcodes.IOR).keep(Kind.INT);
  }

  @Override
  Local andNot(Local a, Local b) {
    return and(a, not(b));
  }

  @Override
  Local not(Local mask) {
    return code.load(mask).op(Opcodes.ICONST_1).op(Opcodes.IXOR).keep(Kind.INT);
  }

  @Override
  void any(Local mask) {
    code.load(mask);
  }

  @Override
  void bits(Local mask) {
    code.load(mask).op(Opcodes.I2L);
  }

  @Override
  Local all() {
    return code.keep(Kind.INT);
  }

  @Override
  Local mask(Rest rest) {
    return code.load(rest.count()).truth(Opcodes.IFGT).keep(Kind.INT);
  }

  // Integers.

  /** The first lane is the only one: the step takes it nowhere. */
  @Override
  Local ints(int step) {
    return code.keep(Kind.INT);
  }

  @Override
  Local compareInts(String test, Local x, Local y) {
    code.load(x).load(y);
    code.truth(
        switch (Comparison.valueOf(test)) {
          case LT -> Opcodes.IF_ICMPLT;
          case LE -> Opcodes.IF_ICMPLE;
          case GT -> Opcodes.IF_ICMPGT;
          case GE -> Opcodes.IF_ICMPGE;
          case EQ -> Opcodes.IF_ICMPEQ;
          case NE -> Opcodes.IF_ICMPNE;
        });
    return code.keep(Kind.INT);
  }

  @Override
  Local toReals(Local ints) {
    return code.load(ints).op(single ? Opcodes.I2F : Opcodes.I2D).keep(kind);
  }

  @Override
  Local bitsOf(Local x) {
    return code.load(x)
        .call(Abi.method(Float.class, "floatToRawIntBits", float.class))
        .keep(Kind.INT);
  }

  @Override
  Local ofBits(Local ints) {
    return code.load(ints).call(Abi.method(Float.class, "intBitsToFloat", int.class)).keep(kind);
  }

  @Override
  Local onInts(String operation, Local x, int y) {
    return code.load(x).constant(y).op(opcode(operation)).keep(Kind.INT);
  }

  @Override
  Local onInts(String operation, Local x, Local y) {
    return code.load(x).load(y).op(opcode(operation)).keep(Kind.INT);
  }

  private static int opcode(String operation) {
    return switch (operation) {
      case "LSHL" -> Opcodes.ISHL;
      case "SUB" -> Opcodes.ISUB;
      case "AND" -> Opcodes.IAND;
      case "OR" -> Opcodes.IOR;
      default -> throw new CompilerBug("no operation on integers: " + operation);
    };
  }

  /** There is nothing to put together. */
  @Override
  void fold(String name, Local value, Local memory) {
    code.load(value);
  }
}
