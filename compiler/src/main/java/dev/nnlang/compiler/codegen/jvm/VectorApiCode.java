package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.runtime.cpu.Lanes;
import dev.nnlang.runtime.cpu.Vectors;
import java.util.Locale;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Vectors and masks as objects of the Vector API, which HotSpot's second compiler keeps in
 * registers. The API is known by its names alone: a process that compiles for another and runs
 * nothing is started without it, and so is there sooner.
 */
final class VectorApiCode extends VectorCode {
  private static final Type VECTOR = api("Vector");
  private static final Type FLOATS = api("FloatVector");
  private static final Type DOUBLES = api("DoubleVector");
  private static final Type INTS = api("IntVector");
  private static final Type MASK = api("VectorMask");
  private static final Type SPECIES = api("VectorSpecies");
  private static final Type OPERATORS = api("VectorOperators");
  private static final Type COMPARISON = api("VectorOperators$Comparison");
  private static final Type CONVERSION = api("VectorOperators$Conversion");
  private static final Type ASSOCIATIVE = api("VectorOperators$Associative");
  private static final Type BINARY = api("VectorOperators$Binary");
  private static final Type SPECIES_OF_MACHINE = Type.getType(Vectors.class);

  private final Type vector;
  private final Type one;
  private final Type many;

  VectorApiCode(Code code, Precision precision) {
    super(code, precision);
    this.vector = single ? FLOATS : DOUBLES;
    this.one = Type.getType(scalar);
    this.many = Type.getType(array);
  }

  private static Type api(String name) {
    return Type.getObjectType("jdk/incubator/vector/" + name);
  }

  /** A method of the API's classes, all of which are abstract classes, but for {@link #SPECIES}. */
  private void call(Type owner, String name, Type result, Type... parameters) {
    boolean isInterface = owner.equals(SPECIES);
    code.call(
        new Abi.Target(
            isInterface ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL,
            owner.getInternalName(),
            name,
            Type.getMethodDescriptor(result, parameters),
            isInterface));
  }

  private void callStatic(Type owner, String name, Type result, Type... parameters) {
    code.call(
        new Abi.Target(
            Opcodes.INVOKESTATIC,
            owner.getInternalName(),
            name,
            Type.getMethodDescriptor(result, parameters),
            false));
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
    callStatic(vector, "fromArray", vector, SPECIES, many, Type.INT_TYPE);
    return code.keep(Kind.REF);
  }

  @Override
  void write(Local value) {
    code.load(value);
    under();
    call(vector, "intoArray", Type.VOID_TYPE, many, Type.INT_TYPE);
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
    code.load(value);
    callStatic(vector, "broadcast", vector, SPECIES, one);
    return code.keep(Kind.REF);
  }

  @Override
  Local constant(double value) {
    species();
    real(value);
    callStatic(vector, "broadcast", vector, SPECIES, one);
    return code.keep(Kind.REF);
  }

  @Override
  Local apply(String name, Local x) {
    code.load(x);
    call(vector, name, vector);
    return code.keep(Kind.REF);
  }

  @Override
  Local apply(String name, Local x, Local y) {
    code.load(x).load(y);
    call(vector, name, vector, VECTOR);
    return code.keep(Kind.REF);
  }

  @Override
  Local apply(String name, Local x, double y) {
    code.load(x);
    real(y);
    call(vector, name, vector, one);
    return code.keep(Kind.REF);
  }

  @Override
  void addProduct(Local x, Local y, Local sum) {
    code.load(x).load(y).load(sum);
    call(vector, "fma", vector, VECTOR, VECTOR);
    code.store(sum);
  }

  @Override
  Local fma(Local x, Local y, Local z) {
    code.load(x).load(y).load(z);
    call(vector, "fma", vector, VECTOR, VECTOR);
    return code.keep(Kind.REF);
  }

  // Masks.

  @Override
  Local compare(String test, Local x, Local y) {
    code.load(x);
    comparison(test);
    code.load(y);
    call(vector, "compare", MASK, COMPARISON, VECTOR);
    return code.keep(Kind.REF);
  }

  @Override
  Local compare(String test, Local x, double y) {
    code.load(x);
    comparison(test);
    real(y);
    call(vector, "compare", MASK, COMPARISON, one);
    return code.keep(Kind.REF);
  }

  private void comparison(String test) {
    code.staticField(OPERATORS, test, COMPARISON);
  }

  @Override
  Local blend(Local x, Local y, Local mask) {
    code.load(x).load(y).load(mask);
    call(vector, "blend", vector, VECTOR, MASK);
    return code.keep(Kind.REF);
  }

  @Override
  Local blend(Local x, double y, Local mask) {
    code.load(x);
    real(y);
    code.load(mask);
    call(vector, "blend", vector, one, MASK);
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
    code.load(a).load(b);
    call(MASK, name, MASK, MASK);
    return code.keep(Kind.REF);
  }

  @Override
  Local not(Local mask) {
    code.load(mask);
    call(MASK, "not", MASK);
    return code.keep(Kind.REF);
  }

  @Override
  void any(Local mask) {
    code.load(mask);
    call(MASK, "anyTrue", Type.BOOLEAN_TYPE);
  }

  @Override
  void bits(Local mask) {
    code.load(mask);
    call(MASK, "toLong", Type.LONG_TYPE);
  }

  @Override
  Local all() {
    var value = code.keep(Kind.INT);
    species();
    code.load(value);
    call(SPECIES, "maskAll", MASK, Type.BOOLEAN_TYPE);
    return code.keep(Kind.REF);
  }

  /**
   * The library has a method for this, which is ten times as long; and a mask that is kept for
   * later may end up in a box.
   */
  @Override
  Local mask(Rest rest) {
    code.staticField(SPECIES_OF_MACHINE, single ? "FLOAT_NUMBERS" : "DOUBLE_NUMBERS", vector);
    comparison("LT");
    code.load(rest.count()).op(single ? Opcodes.I2F : Opcodes.I2D);
    call(vector, "compare", MASK, COMPARISON, one);
    return code.keep(Kind.REF);
  }

  // Integers.

  @Override
  Local ints(int step) {
    var first = code.keep(Kind.INT);
    intSpecies();
    code.load(first);
    callStatic(INTS, "broadcast", INTS, SPECIES, Type.INT_TYPE);
    if (step != 0) {
      code.constant(step);
      call(INTS, "addIndex", INTS, Type.INT_TYPE);
    }
    return code.keep(Kind.REF);
  }

  @Override
  Local compareInts(String test, Local x, Local y) {
    code.load(x);
    comparison(test);
    code.load(y);
    call(INTS, "compare", MASK, COMPARISON, VECTOR);
    species();
    call(MASK, "cast", MASK, SPECIES);
    return code.keep(Kind.REF);
  }

  @Override
  Local toReals(Local ints) {
    code.load(ints);
    code.staticField(OPERATORS, single ? "I2F" : "I2D", CONVERSION);
    species();
    code.constant(0);
    call(VECTOR, "convertShape", VECTOR, CONVERSION, SPECIES, Type.INT_TYPE);
    code.cast(vector);
    return code.keep(Kind.REF);
  }

  @Override
  Local bitsOf(Local x) {
    code.load(x);
    call(vector, "reinterpretAsInts", INTS);
    return code.keep(Kind.REF);
  }

  @Override
  Local ofBits(Local ints) {
    code.load(ints);
    call(INTS, "reinterpretAsFloats", FLOATS);
    return code.keep(Kind.REF);
  }

  @Override
  Local onInts(String operation, Local x, int y) {
    code.load(x).staticField(OPERATORS, operation, operator(operation));
    code.constant(y);
    call(INTS, "lanewise", INTS, BINARY, Type.INT_TYPE);
    return code.keep(Kind.REF);
  }

  @Override
  Local onInts(String operation, Local x, Local y) {
    code.load(x).staticField(OPERATORS, operation, operator(operation));
    code.load(y);
    call(INTS, "lanewise", INTS, BINARY, VECTOR);
    return code.keep(Kind.REF);
  }

  private static Type operator(String operation) {
    return switch (operation) {
      case "AND", "OR" -> ASSOCIATIVE;
      default -> BINARY;
    };
  }

  private void species() {
    code.staticField(SPECIES_OF_MACHINE, single ? "FLOATS" : "DOUBLES", SPECIES);
  }

  private void intSpecies() {
    code.staticField(SPECIES_OF_MACHINE, single ? "FLOAT_INTS" : "DOUBLE_INTS", SPECIES);
  }

  /** An extreme is the same in any order, and the library's own is several times as fast. */
  @Override
  void fold(String name, Local value, Local memory) {
    switch (name) {
      case "max", "min" -> {
        code.load(value);
        code.staticField(OPERATORS, name.toUpperCase(Locale.ROOT), ASSOCIATIVE);
        call(vector, "reduceLanes", one, ASSOCIATIVE);
      }
      default -> {
        code.load(memory).op(Opcodes.ICONST_0);
        write(value);
        code.load(memory).constant(lanes).call(Abi.method(Lanes.class, name, array, int.class));
      }
    }
  }
}
