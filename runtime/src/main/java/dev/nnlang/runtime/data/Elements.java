package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.Arrays;

/** Collects the elements of a source, in the storage asked for, while their number is not known. */
public final class Elements {
  /** Some virtual machines cannot make longer arrays. */
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  private final SourceRequest request;
  private final Places places;
  private float[] floats = {};
  private double[] doubles = {};
  private long[] longs = {};
  private int size;

  /**
   * An empty collection.
   *
   * @param places asked where an element is that does not fit the storage
   */
  public Elements(SourceRequest request, Places places) {
    this.request = request;
    this.places = places;
  }

  public int size() {
    return size;
  }

  /** Makes room for exactly so many more, where that is known. */
  public void expect(long more) throws ProblemException {
    grow(checked(size + more));
  }

  public void add(double value) throws ProblemException {
    if (size == capacity()) {
      grow(Math.max(checked(size + 1L), (int) Math.min(1024 + size * 3L / 2, LONGEST)));
    }
    switch (request.storage()) {
      case F32 -> floats[size] = (float) value;
      case F64 -> doubles[size] = value;
      case INT, BOOL -> {
        if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
          throw notIntegral(value, places.of(size)).thrown();
        }
        longs[size] = (long) value;
      }
    }
    size++;
  }

  /** The elements so far; afterwards no more may be added. */
  public Tensor tensor(int... shape) {
    if (capacity() != size) {
      grow(size);
    }
    return switch (request.storage()) {
      case F32 -> Tensor.of(floats, shape);
      case F64 -> Tensor.of(doubles, shape);
      case INT -> Tensor.of(longs, shape);
      case BOOL -> Tensor.ofBooleans(longs, shape);
    };
  }

  private Problem notIntegral(double value, Place at) {
    return Problem.of(
            ProblemCode.NOT_INTEGRAL,
            "source " + request.source() + " has the value " + value + ", which is no whole number")
        .expected(Messages.elements(request.source().element()))
        .at(at)
        .declared(request.source().declared());
  }

  private int checked(long wanted) throws ProblemException {
    if (wanted > LONGEST) {
      throw Problem.of(
              ProblemCode.TOO_LARGE, "source " + request.source() + " has " + wanted + " elements")
          .expected("at most " + LONGEST)
          .at(request.source().declared())
          .thrown();
    }
    return (int) wanted;
  }

  private int capacity() {
    return switch (request.storage()) {
      case F32 -> floats.length;
      case F64 -> doubles.length;
      case INT, BOOL -> longs.length;
    };
  }

  /** Or shrinks. */
  private void grow(int capacity) {
    switch (request.storage()) {
      case F32 -> floats = Arrays.copyOf(floats, capacity);
      case F64 -> doubles = Arrays.copyOf(doubles, capacity);
      case INT, BOOL -> longs = Arrays.copyOf(longs, capacity);
    }
  }

  /** How an element is stored when reals have this precision. */
  static ElementType storage(Element element, ElementType real) {
    return switch (element) {
      case Element.Real _ -> real;
      case Element.Int _, Element.Index _ -> ElementType.INT;
      case Element.Bool _ -> ElementType.BOOL;
    };
  }
}
