package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.runtime.cpu.Lanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.objectweb.asm.Opcodes;

/**
 * Vector instructions in the program's precision. Every value is a local: a vector on the heap is
 * an object, and one that a method returns is one, too, unless it happens to be inlined. So
 * everything is spelled out where it is used.
 *
 * <p>No access is under a mask. HotSpot's first compiler inlines what the library does for one, a
 * thousand instructions: it gives up on a method with ten, which then never gets to the second
 * compiler, and keeps its vectors in boxes for ever. So reads take more than is wanted, and what
 * does not fill a vector is written by way of a little memory.
 */
final class VectorCode {
  private final Code code;
  private final Class<?> vector;
  private final Class<?> array;
  private final Class<?> scalar;
  private final boolean single;
  private final int lanes;

  VectorCode(KernelScope scope) {
    this(scope.code, scope.precision);
  }

  VectorCode(Code code, Precision precision) {
    this.code = code;
    this.single = precision == Precision.F32;
    this.vector = single ? FloatVector.class : DoubleVector.class;
    this.array = single ? float[].class : double[].class;
    this.scalar = single ? float.class : double.class;
    this.lanes = single ? Lanes.inFloats() : Lanes.inDoubles();
  }

  boolean isSingle() {
    return single;
  }

  /** Values in a vector: a constant of the machine that the code is made on. */
  int lanes() {
    return lanes;
  }

  Class<?> array() {
    return array;
  }

  // Memory.

  /** Takes an array and an index from the stack. */
  Local read() {
    species();
    under();
    code.call(method("fromArray", VectorSpecies.class, array, int.class));
    return code.keep(Kind.REF);
  }

  /**
   * Takes an array and an index from the stack. Some lanes may be beyond the array, and are 0, or
   * hold what nobody asks for.
   */
  Local readNear() {
    code.op(Opcodes.DUP2).call(Abi.method(Lanes.class, "near", array, int.class));
    code.op(Opcodes.DUP_X2).call(Abi.method(Lanes.class, "at", array, int.class, array));
    return read();
  }

  /** Takes an array and an index from the stack. */
  void write(Local value) {
    code.load(value);
    under();
    code.call(method("intoArray", array, int.class));
  }

  /** Takes an array and an index from the stack: writes the lanes that exist. */
  void write(Local value, Rest rest, Local memory) {
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
  void writeAhead(Local value, Rest rest, Local memory, Local place, Local end) {
    code.load(end).load(place).op(Opcodes.ISUB).constant(lanes).op(Opcodes.ISUB);
    code.truth(Opcodes.IFGE);
    code.ifElse(() -> write(value), () -> write(value, rest, memory));
  }

  private void writePart(Local value, Rest rest, Local memory) {
    code.load(value).load(memory).constant(Lanes.PART * lanes);
    code.call(method("intoArray", array, int.class));
    code.load(rest.count());
    code.call(Abi.method(Lanes.class, "copyPart", array, int.class, int.class));
  }

  /** What is on top of the stack goes under the array and the index that were there before. */
  private void under() {
    code.op(Opcodes.DUP_X2).op(Opcodes.POP);
  }

  // Values.

  /** Takes a scalar from the stack: the same in all lanes. */
  Local broadcast() {
    var value = code.keep(single ? Kind.FLOAT : Kind.DOUBLE);
    species();
    code.load(value).call(method("broadcast", VectorSpecies.class, scalar));
    return code.keep(Kind.REF);
  }

  Local constant(double value) {
    species();
    real(value);
    code.call(method("broadcast", VectorSpecies.class, scalar));
    return code.keep(Kind.REF);
  }

  private void real(double value) {
    if (single) {
      code.constant((float) value);
    } else {
      code.constant(value);
    }
  }

  /** {@code abs}, {@code neg}, {@code sqrt}. */
  Local apply(String name, Local x) {
    code.load(x).call(method(name));
    return code.keep(Kind.REF);
  }

  /** {@code add}, {@code sub}, {@code mul}, {@code div}, {@code min}, {@code max}. */
  Local apply(String name, Local x, Local y) {
    code.load(x).load(y).call(method(name, Vector.class));
    return code.keep(Kind.REF);
  }

  Local apply(String name, Local x, double y) {
    code.load(x);
    real(y);
    code.call(method(name, scalar));
    return code.keep(Kind.REF);
  }

  /** Adds {@code x * y} to a variable, rounded once. */
  void addProduct(Local x, Local y, Local sum) {
    code.load(x).load(y).load(sum).call(method("fma", Vector.class, Vector.class));
    code.store(sum);
  }

  /** {@code x * y + z}, rounded once. */
  Local fma(Local x, Local y, Local z) {
    code.load(x).load(y).load(z).call(method("fma", Vector.class, Vector.class));
    return code.keep(Kind.REF);
  }

  Local fma(Local x, Local y, double z) {
    return fma(x, y, constant(z));
  }

  Local fma(Local x, double y, Local z) {
    return fma(x, constant(y), z);
  }

  // Masks.

  Local compare(String test, Local x, Local y) {
    code.load(x);
    comparison(test);
    code.load(y).call(method("compare", VectorOperators.Comparison.class, Vector.class));
    return code.keep(Kind.REF);
  }

  Local compare(String test, Local x, double y) {
    code.load(x);
    comparison(test);
    real(y);
    code.call(method("compare", VectorOperators.Comparison.class, scalar));
    return code.keep(Kind.REF);
  }

  private void comparison(String test) {
    code.staticField(VectorOperators.class, test, VectorOperators.Comparison.class);
  }

  /** {@code y} in the lanes of the mask, else {@code x}. */
  Local blend(Local x, Local y, Local mask) {
    code.load(x).load(y).load(mask).call(method("blend", Vector.class, VectorMask.class));
    return code.keep(Kind.REF);
  }

  Local blend(Local x, double y, Local mask) {
    code.load(x);
    real(y);
    code.load(mask).call(method("blend", scalar, VectorMask.class));
    return code.keep(Kind.REF);
  }

  Local and(Local a, Local b) {
    return mask("and", a, b);
  }

  Local or(Local a, Local b) {
    return mask("or", a, b);
  }

  /** {@code a} and not {@code b}. */
  Local andNot(Local a, Local b) {
    return mask("andNot", a, b);
  }

  private Local mask(String name, Local a, Local b) {
    code.load(a).load(b).call(Abi.method(VectorMask.class, name, VectorMask.class));
    return code.keep(Kind.REF);
  }

  Local not(Local mask) {
    code.load(mask).call(Abi.method(VectorMask.class, "not"));
    return code.keep(Kind.REF);
  }

  /** Leaves whether any lane is set. */
  void any(Local mask) {
    code.load(mask).call(Abi.method(VectorMask.class, "anyTrue"));
  }

  /** Leaves the lanes as the bits of a long. */
  void bits(Local mask) {
    code.load(mask).call(Abi.method(VectorMask.class, "toLong"));
  }

  /** Takes a truth value from the stack: the same in all lanes. */
  Local all() {
    var value = code.keep(Kind.INT);
    species();
    code.load(value).call(Abi.method(VectorSpecies.class, "maskAll", boolean.class));
    return code.keep(Kind.REF);
  }

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
  Rest before(Local index, Local end, boolean isPart) {
    code.load(end).load(index).op(Opcodes.ISUB);
    return new Rest(code.keep(Kind.INT), isPart);
  }

  /**
   * The lanes that exist. The library has a method for this, which is ten times as long; and a mask
   * that is kept for later may end up in a box.
   */
  Local mask(Rest rest) {
    code.staticField(Lanes.class, single ? "FLOAT_NUMBERS" : "DOUBLE_NUMBERS", vector);
    comparison("LT");
    code.load(rest.count()).op(single ? Opcodes.I2F : Opcodes.I2D);
    code.call(method("compare", VectorOperators.Comparison.class, scalar));
    return code.keep(Kind.REF);
  }

  // Integers.

  /** Takes an int from the stack, the first lane's; each lane has {@code step} more. */
  Local ints(int step) {
    var first = code.keep(Kind.INT);
    intSpecies();
    code.load(first).call(Abi.method(IntVector.class, "broadcast", VectorSpecies.class, int.class));
    if (step != 0) {
      code.constant(step).call(Abi.method(IntVector.class, "addIndex", int.class));
    }
    return code.keep(Kind.REF);
  }

  /** The same in all lanes. */
  Local intConstant(int value) {
    code.constant(value);
    return ints(0);
  }

  Local compareInts(String test, Local x, Local y) {
    code.load(x);
    comparison(test);
    code.load(y)
        .call(
            Abi.method(IntVector.class, "compare", VectorOperators.Comparison.class, Vector.class));
    species();
    code.call(Abi.method(VectorMask.class, "cast", VectorSpecies.class));
    return code.keep(Kind.REF);
  }

  Local toReals(Local ints) {
    code.load(ints);
    code.staticField(
        VectorOperators.class, single ? "I2F" : "I2D", VectorOperators.Conversion.class);
    species();
    convert(vector);
    return code.keep(Kind.REF);
  }

  /** Rounded towards 0. */
  Local toInts(Local reals) {
    code.load(reals);
    code.staticField(
        VectorOperators.class, single ? "F2I" : "D2I", VectorOperators.Conversion.class);
    intSpecies();
    convert(IntVector.class);
    return code.keep(Kind.REF);
  }

  /** Takes a vector, a conversion and a species from the stack. */
  private void convert(Class<?> to) {
    code.constant(0);
    code.call(
        Abi.method(
            Vector.class,
            "convertShape",
            VectorOperators.Conversion.class,
            VectorSpecies.class,
            int.class));
    code.cast(to);
  }

  /** The bits of 32-bit reals. */
  Local bitsOf(Local x) {
    code.load(x).call(method("reinterpretAsInts"));
    return code.keep(Kind.REF);
  }

  /** 32-bit reals of these bits. */
  Local ofBits(Local ints) {
    code.load(ints).call(Abi.method(IntVector.class, "reinterpretAsFloats"));
    return code.keep(Kind.REF);
  }

  /** {@code LSHL}, {@code ASHR}, {@code ADD}, {@code SUB}, {@code AND}, {@code OR}. */
  Local onInts(String operation, Local x, int y) {
    code.load(x).staticField(VectorOperators.class, operation, operator(operation));
    code.constant(y);
    code.call(Abi.method(IntVector.class, "lanewise", VectorOperators.Binary.class, int.class));
    return code.keep(Kind.REF);
  }

  Local onInts(String operation, Local x, Local y) {
    code.load(x).staticField(VectorOperators.class, operation, operator(operation));
    code.load(y);
    code.call(Abi.method(IntVector.class, "lanewise", VectorOperators.Binary.class, Vector.class));
    return code.keep(Kind.REF);
  }

  private static Class<?> operator(String operation) {
    return switch (operation) {
      case "ADD", "AND", "OR" -> VectorOperators.Associative.class;
      default -> VectorOperators.Binary.class;
    };
  }

  void species() {
    code.staticField(Lanes.class, single ? "FLOATS" : "DOUBLES", VectorSpecies.class);
  }

  private void intSpecies() {
    code.staticField(Lanes.class, single ? "FLOAT_INTS" : "DOUBLE_INTS", VectorSpecies.class);
  }

  private Abi.Target method(String name, Class<?>... parameters) {
    return Abi.method(vector, name, parameters);
  }

  /** Takes the top of the stack into a variable that exists already. */
  void set(Local variable, Local value) {
    code.load(value).store(variable);
  }

  /** This thread's memory for a few vectors. */
  Local memory() {
    code.call(Abi.method(Lanes.class, single ? "floats" : "doubles"));
    return code.keep(Kind.REF);
  }

  /** Puts the lanes together in a fixed order and leaves a scalar. */
  void fold(String name, Local value, Local memory) {
    code.load(memory).op(Opcodes.ICONST_0);
    write(value);
    code.load(memory).constant(lanes).call(Abi.method(Lanes.class, name, array, int.class));
  }
}
