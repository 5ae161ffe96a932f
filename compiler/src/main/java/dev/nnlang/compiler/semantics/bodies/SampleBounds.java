package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the reads of a sample say of its index: every bare read and every affine read without {@code
 * ??} must be inside, which bounds the index (LR-3) instead of being proved.
 */
public final class SampleBounds {
  private final Typed.Axis axis;
  private final Set<Poly> lower = new LinkedHashSet<>();
  private final Set<Poly> upper = new LinkedHashSet<>();
  private final Set<Poly> extents = new LinkedHashSet<>();
  private final Map<Poly, Long> least = new HashMap<>();
  private final Map<Poly, Long> greatest = new HashMap<>();

  public SampleBounds(Typed.Axis axis) {
    this.axis = axis;
  }

  public Typed.Axis axis() {
    return axis;
  }

  public List<Poly> lower() {
    return List.copyOf(lower);
  }

  public List<Poly> upper() {
    return List.copyOf(upper);
  }

  /** The dimensions of sources that hold the examples. */
  public Set<Poly> extents() {
    return extents;
  }

  /** 1 + the largest spread of offsets by which a dimension is read (LR-27). */
  public long window() {
    long window = 1;
    for (var entry : greatest.entrySet()) {
      window = Math.max(window, 1 + entry.getValue() - least.get(entry.getKey()));
    }
    return window;
  }

  /**
   * Takes a read at {@code e} of a dimension into account.
   *
   * @return whether a guard is needed; empty where the read says nothing of the index
   */
  Optional<Boolean> read(Poly e, Poly extent, boolean guarded, Context c) {
    var index = axis.index();
    var factor = e.coefficient(index);
    var rest = e.minus(factor.times(Poly.of(index)));
    if (!factor.isConstant() || factor.is(0) || rest.mentions(index)) {
      return Optional.empty();
    }
    boolean bare = e.equals(Poly.of(index));
    var low = extreme(rest, -1, c);
    var high = extreme(rest, 1, c);
    if (low.isEmpty() || high.isEmpty()) {
      return Optional.empty();
    }
    extents.add(extent);
    if (factor.is(1) && low.get().isConstant() && high.get().isConstant()) {
      least.merge(extent, low.get().constantTerm(), Math::min);
      greatest.merge(extent, high.get().constantTerm(), Math::max);
    }
    if (guarded && !bare) {
      return Optional.of(true);
    }
    long k = factor.constantTerm();
    if (k > 0) {
      // k*n + low >= 0 and k*n + high < extent, for all values of the other indices.
      lower.add(low.get().negate().plus(k - 1).floorDiv(Poly.of(k)));
      upper.add(extent.minus(high.get()).plus(k - 1).floorDiv(Poly.of(k)));
    } else {
      // high - |k|*n >= ... : the same with the ends exchanged.
      upper.add(low.get().floorDiv(Poly.of(-k)).plus(1));
      lower.add(high.get().minus(extent).floorDiv(Poly.of(-k)).plus(1));
    }
    return Optional.of(false);
  }

  /** The least or greatest value over the ranges of all indices but the sample's. */
  private static Optional<Poly> extreme(Poly rest, int direction, Context c) {
    var values = new HashMap<Atom, Poly>();
    for (var variable : new ArrayList<>(rest.variables())) {
      if (!(variable instanceof Atom.Index index)) {
        continue;
      }
      var factor = rest.coefficient(index);
      var extent = c.facts().ranges().get(index);
      if (extent == null || !factor.isConstant() || factor.is(0)) {
        return Optional.empty();
      }
      boolean last = factor.constantTerm() * direction > 0;
      values.put(index, last ? extent.minus(1) : Poly.ZERO);
    }
    return Optional.of(rest.substitute(values));
  }
}
