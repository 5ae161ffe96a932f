package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.runtime.cpu.Lanes;
import dev.nnlang.runtime.cpu.Vectors;
import java.util.Locale;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.objectweb.asm.Opcodes;

/**
 * Vectors and masks as objects of the Vector API, which HotSpot's second compiler keeps in
 * registers.
 */
final class VectorApiCode extends VectorCode {
  private final Class<?> vector;

  VectorApiCode(Code code, Precision precision) {
    super(code, precision);
    this.vector = single ? FloatVector.class : DoubleVector.class;
  }

  @Override
  Kind reals() {
    return Kind.REF;
  }

  @Override
  Kind masks() {
    return Kind.REF;
  }

  @Override
  Local read() {
    species();
    under();
    code.call(method("fromArray", VectorSpecies.class, array, int.class));
    return code.keep(Kind.REF);
  }

  @Override
  void write(Local value) {
    code.load(value);
    under();
    code.call(method("intoArray", array, int.class));
  }

  /** What is on top of the stack goes under the array and the index that were there before. */
  private void under() {
    code.op(Opcodes.DUP_X2).op(Opcodes.POP);
  }

  // Values.

  @Override
  Local broadcast() {
    var value = code.keep(single ? Kind.FLOAT : Kind.DOUBLE);
    species();
    code.load(value).call(method("broadcast", VectorSpecies.class, scalar));
    return code.keep(Kind.REF);
  }

  @Override
  Local constant(double value) {
    species();
    real(value);
    code.call(method("broadcast", VectorSpecies.class, scalar));
    return code.keep(Kind.REF);
  }

  @Override
  Local apply(String name, Local x) {
    code.load(x).call(method(name));
    return code.keep(Kind.REF);
  }

  @Override
  Local apply(String name, Local x, Local y) {
    code.load(x).load(y).call(method(name, Vector.class));
    return code.keep(Kind.REF);
  }

  @Override
  Local apply(String name, Local x, double y) {
    code.load(x);
    real(y);
    code.call(method(name, scalar));
    return code.keep(Kind.REF);
  }

  @Override
  void addProduct(Local x, Local y, Local sum) {
    code.load(x).load(y).load(sum).call(method("fma", Vector.class, Vector.class));
    code.store(sum);
  }

  @Override
  Local fma(Local x, Local y, Local z) {
    code.load(x).load(y).load(z).call(method("fma", Vector.class, Vector.class));
    return code.keep(Kind.REF);
  }

  // Masks.

  @Override
  Local compare(String test, Local x, Local y) {
    code.load(x);
    comparison(test);
    code.load(y).call(method("compare", VectorOperators.Comparison.class, Vector.class));
    return code.keep(Kind.REF);
  }

  @Override
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

  @Override
  Local blend(Local x, Local y, Local mask) {
    code.load(x).load(y).load(mask).call(method("blend", Vector.class, VectorMask.class));
    return code.keep(Kind.REF);
  }

  @Override
  Local blend(Local x, double y, Local mask) {
    code.load(x);
    real(y);
    code.load(mask).call(method("blend", scalar, VectorMask.class));
    return code.keep(Kind.REF);
  }

  @Override
  Local and(Local a, Local b) {
    return mask("and", a, b);
  }

  @Override
  Local or(Local a, Local b) {
    return mask("or", a, b);
  }

  @Override
  Local andNot(Local a, Local b) {
    return mask("andNot", a, b);
  }

  private Local mask(String name, Local a, Local b) {
    code.load(a).load(b).call(Abi.method(VectorMask.class, name, VectorMask.class));
    return code.keep(Kind.REF);
  }

  @Override
  Local not(Local mask) {
    code.load(mask).call(Abi.method(VectorMask.class, "not"));
    return code.keep(Kind.REF);
  }

  @Override
  void any(Local mask) {
    code.load(mask).call(Abi.method(VectorMask.class, "anyTrue"));
  }

  @Override
  void every(Local mask) {
    code.load(mask).call(Abi.method(VectorMask.class, "allTrue"));
  }

  @Override
  void bits(Local mask) {
    code.load(mask).call(Abi.method(VectorMask.class, "toLong"));
  }

  @Override
  Local all() {
    var value = code.keep(Kind.INT);
    species();
    code.load(value).call(Abi.method(VectorSpecies.class, "maskAll", boolean.class));
    return code.keep(Kind.REF);
  }

  /**
   * The library has a method for this, which is ten times as long; and a mask that is kept for
   * later may end up in a box.
   */
  @Override
  Local mask(Rest rest) {
    code.staticField(Vectors.class, single ? "FLOAT_NUMBERS" : "DOUBLE_NUMBERS", vector);
    comparison("LT");
    code.load(rest.count()).op(single ? Opcodes.I2F : Opcodes.I2D);
    code.call(method("compare", VectorOperators.Comparison.class, scalar));
    return code.keep(Kind.REF);
  }

  // Integers.

  @Override
  Local ints(int step) {
    var first = code.keep(Kind.INT);
    intSpecies();
    code.load(first).call(Abi.method(IntVector.class, "broadcast", VectorSpecies.class, int.class));
    if (step != 0) {
      code.constant(step).call(Abi.method(IntVector.class, "addIndex", int.class));
    }
    return code.keep(Kind.REF);
  }

  @Override
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

  @Override
  Local toReals(Local ints) {
    code.load(ints);
    code.staticField(
        VectorOperators.class, single ? "I2F" : "I2D", VectorOperators.Conversion.class);
    species();
    code.constant(0);
    code.call(
        Abi.method(
            Vector.class,
            "convertShape",
            VectorOperators.Conversion.class,
            VectorSpecies.class,
            int.class));
    code.cast(vector);
    return code.keep(Kind.REF);
  }

  @Override
  Local bitsOf(Local x) {
    code.load(x).call(method("reinterpretAsInts"));
    return code.keep(Kind.REF);
  }

  @Override
  Local ofBits(Local ints) {
    code.load(ints).call(Abi.method(IntVector.class, "reinterpretAsFloats"));
    return code.keep(Kind.REF);
  }

  @Override
  Local onInts(String operation, Local x, int y) {
    code.load(x).staticField(VectorOperators.class, operation, operator(operation));
    code.constant(y);
    code.call(Abi.method(IntVector.class, "lanewise", VectorOperators.Binary.class, int.class));
    return code.keep(Kind.REF);
  }

  @Override
  Local onInts(String operation, Local x, Local y) {
    code.load(x).staticField(VectorOperators.class, operation, operator(operation));
    code.load(y);
    code.call(Abi.method(IntVector.class, "lanewise", VectorOperators.Binary.class, Vector.class));
    return code.keep(Kind.REF);
  }

  private static Class<?> operator(String operation) {
    return switch (operation) {
      case "ADD" -> VectorOperators.Associative.class;
      case "AND", "OR" -> VectorOperators.Associative.class;
      default -> VectorOperators.Binary.class;
    };
  }

  private void species() {
    code.staticField(Vectors.class, single ? "FLOATS" : "DOUBLES", VectorSpecies.class);
  }

  private void intSpecies() {
    code.staticField(Vectors.class, single ? "FLOAT_INTS" : "DOUBLE_INTS", VectorSpecies.class);
  }

  private Abi.Target method(String name, Class<?>... parameters) {
    return Abi.method(vector, name, parameters);
  }

  /** An extreme is the same in any order, and the library's own is several times as fast. */
  @Override
  void fold(String name, Local value, Local memory) {
    switch (name) {
      case "max", "min" -> {
        code.load(value);
        code.staticField(
            VectorOperators.class,
            name.toUpperCase(Locale.ROOT),
            VectorOperators.Associative.class);
        code.call(method("reduceLanes", VectorOperators.Associative.class));
      }
      default -> {
        code.load(memory).op(Opcodes.ICONST_0);
        write(value);
        code.load(memory).constant(lanes).call(Abi.method(Lanes.class, name, array, int.class));
      }
    }
  }
}
