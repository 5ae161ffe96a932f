package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.runtime.cpu.Lanes;
import org.objectweb.asm.Opcodes;

/**
 * Instructions on several values at a time, in the program's precision. Every value is a local: a
 * vector on the heap is an object, and one that a method returns is one, too, unless it happens to
 * be inlined. So everything is spelled out where it is used.
 *
 * <p>No access is under a mask. HotSpot's first compiler inlines what the library does for one, a
 * thousand instructions: it gives up on a method with ten, which then never gets to the second
 * compiler, and keeps its vectors in boxes for ever. So reads take more than is wanted, and what
 * does not fill a vector is written by way of a little memory.
 */
abstract sealed class VectorCode permits VectorApiCode, SingleLaneCode {
  final Code code;
  final Class<?> array;
  final Class<?> scalar;
  final boolean single;
  final int lanes;

  VectorCode(Code code, Precision precision) {
    this.code = code;
    this.single = precision == Precision.F32;
    this.array = single ? float[].class : double[].class;
    this.scalar = single ? float.class : double.class;
    this.lanes = single ? Lanes.inFloats() : Lanes.inDoubles();
  }

  static VectorCode of(KernelScope scope) {
    return of(scope.code, scope.precision);
  }

  /** For the process that the code is made in. */
  static VectorCode of(Code code, Precision precision) {
    return Lanes.areVectors()
        ? new VectorApiCode(code, precision)
        : new SingleLaneCode(code, precision);
  }

  final boolean isSingle() {
    return single;
  }

  /** Values in a vector: a constant of the process that the code is made in. */
  final int lanes() {
    return lanes;
  }

  /** What a local of reals is. */
  abstract Kind reals();

  /** What a local of a mask is. */
  abstract Kind masks();

  // Memory.

  /** Takes an array and an index from the stack. */
  abstract Local read();

  /**
   * Takes an array and an index from the stack. Some lanes may be beyond the array, and are 0, or
   * hold what nobody asks for.
   */
  final Local readNear() {
    code.op(Opcodes.DUP2).call(Abi.method(Lanes.class, "near", array, int.class));
    code.op(Opcodes.DUP_X2).call(Abi.method(Lanes.class, "at", array, int.class, array));
    return read();
  }

  /** Takes an array and an index from the stack. */
  abstract void write(Local value);

  /** Takes an array and an index from the stack: writes the lanes that exist. */
  final void write(Local value, Rest rest, Local memory) {
    if (rest.isPart()) {
      writePart(value, rest, memory);
      return;
    }
    code.load(rest.count()).constant(lanes).op(Opcodes.ISUB).truth(Opcodes.IFGE);
    code.ifElse(() -> write(value), () -> writePart(value, rest, memory));
  }

  /**
   * Takes an array and an index from the stack: writes the lanes that exist, and what the others
   * hold behind them, unless that is at or beyond an end. For memory that is filled from its start
   * on: the next writes cover it.
   */
  final void writeAhead(Local value, Rest rest, Local memory, Local place, Local end) {
    code.load(end).load(place).op(Opcodes.ISUB).constant(lanes).op(Opcodes.ISUB);
    code.truth(Opcodes.IFGE);
    code.ifElse(() -> write(value), () -> write(value, rest, memory));
  }

  private void writePart(Local value, Rest rest, Local memory) {
    code.load(memory).constant(Lanes.PART * lanes);
    write(value);
    code.load(rest.count());
    code.call(Abi.method(Lanes.class, "copyPart", array, int.class, int.class));
  }

  // Values.

  /** Takes a scalar from the stack: the same in all lanes. */
  abstract Local broadcast();

  abstract Local constant(double value);

  /** {@code abs}, {@code neg}, {@code sqrt}. */
  abstract Local apply(String name, Local x);

  /** Puts a real on the stack, in the precision of the program. */
  final void real(double value) {
    if (single) {
      code.constant((float) value);
    } else {
      code.constant(value);
    }
  }

  /** {@code add}, {@code sub}, {@code mul}, {@code div}, {@code min}, {@code max}. */
  abstract Local apply(String name, Local x, Local y);

  abstract Local apply(String name, Local x, double y);

  /** Adds {@code x * y} to a variable, rounded once. */
  abstract void addProduct(Local x, Local y, Local sum);

  /** {@code x * y + z}, rounded once. */
  abstract Local fma(Local x, Local y, Local z);

  final Local fma(Local x, Local y, double z) {
    return fma(x, y, constant(z));
  }

  final Local fma(Local x, double y, Local z) {
    return fma(x, constant(y), z);
  }

  // Masks.

  abstract Local compare(String test, Local x, Local y);

  abstract Local compare(String test, Local x, double y);

  /** {@code y} in the lanes of the mask, else {@code x}. */
  abstract Local blend(Local x, Local y, Local mask);

  abstract Local blend(Local x, double y, Local mask);

  abstract Local and(Local a, Local b);

  abstract Local or(Local a, Local b);

  /** {@code a} and not {@code b}. */
  abstract Local andNot(Local a, Local b);

  abstract Local not(Local mask);

  /** Leaves whether any lane is set. */
  abstract void any(Local mask);

  /** Leaves the lanes as the bits of a long. */
  abstract void bits(Local mask);

  /** Takes a truth value from the stack: the same in all lanes. */
  abstract Local all();

  /**
   * What is left over of a run.
   *
   * @param count how many values
   * @param isPart whether that is certainly less than a vector
   */
  record Rest(Local count, boolean isPart) {}

  /**
   * What is between an index and an end.
   *
   * @param isPart whether there are certainly less values than a vector has
   */
  final Rest before(Local index, Local end, boolean isPart) {
    code.load(end).load(index).op(Opcodes.ISUB);
    return new Rest(code.keep(Kind.INT), isPart);
  }

  /** The lanes that exist. */
  abstract Local mask(Rest rest);

  // Integers.

  /** Takes an int from the stack, the first lane's; each lane has {@code step} more. */
  abstract Local ints(int step);

  /** The same in all lanes. */
  final Local intConstant(int value) {
    code.constant(value);
    return ints(0);
  }

  abstract Local compareInts(String test, Local x, Local y);

  abstract Local toReals(Local ints);

  /** The bits of 32-bit reals. */
  abstract Local bitsOf(Local x);

  /** 32-bit reals of these bits. */
  abstract Local ofBits(Local ints);

  /** {@code LSHL}, {@code SUB}, {@code AND}, {@code OR} with a constant. */
  abstract Local onInts(String operation, Local x, int y);

  abstract Local onInts(String operation, Local x, Local y);

  /** Takes the top of the stack into a variable that exists already. */
  final void set(Local variable, Local value) {
    code.load(value).store(variable);
  }

  /** This thread's memory for a few vectors. */
  final Local memory() {
    code.call(Abi.method(Lanes.class, single ? "floats" : "doubles"));
    return code.keep(Kind.REF);
  }

  /** Puts the lanes together in a fixed order and leaves a scalar. */
  abstract void fold(String name, Local value, Local memory);
}
