package dev.nnlang.compiler.codegen.jvm;

import java.lang.reflect.Method;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Vector instructions in the program's precision, on the operand stack. */
final class VectorCode {
  private final Code code;
  private final Class<?> vector;
  private final Class<?> array;
  private final int lanes;

  VectorCode(KernelScope scope) {
    this.code = scope.code;
    boolean single = scope.precision == Precision.F32;
    this.vector = single ? FloatVector.class : DoubleVector.class;
    this.array = single ? float[].class : double[].class;
    this.lanes =
        single ? FloatVector.SPECIES_PREFERRED.length() : DoubleVector.SPECIES_PREFERRED.length();
  }

  /** Leaves the number of lanes: a constant of the machine that the code is made on. */
  void lanes() {
    code.constant(lanes);
  }

  /** Takes an array and an index; copies a vector from there to a place in another array. */
  void copy(Code.Local to, Code.Local place) {
    var source = code.keep(Kind.INT);
    var from = code.keep(Kind.REF);
    species();
    code.load(from).load(source).call(method("fromArray", VectorSpecies.class, array, int.class));
    code.load(to).load(place).call(method("intoArray", array, int.class));
  }

  void species() {
    code.staticField(vector, "SPECIES_PREFERRED", VectorSpecies.class);
  }

  private Method method(String name, Class<?>... parameters) {
    return Abi.method(vector, name, parameters);
  }
}
