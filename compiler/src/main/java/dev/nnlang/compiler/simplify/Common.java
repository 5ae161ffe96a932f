package dev.nnlang.compiler.simplify;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Equations with equal right sides, whatever they call their axes.
 *
 * <pre>
 * a[i] = sum[k](x[i, k])              a[i] = sum[k](x[i, k])
 * b[t] = sum[j](x[t, j])        =&gt;    b[t] = a[t]
 * </pre>
 *
 * The later one becomes a copy, which {@code Copies} reads through and which goes if nothing else
 * needs it.
 */
final class Common {
  private record Key(List<Poly> extents, Optional<Reduction> reduction, Node body) {}

  private final Nodes nodes;

  /** What was found out in earlier rounds, in which most equations were what they are now. */
  private final Map<Equation, Key> keys = new IdentityHashMap<>();

  Common(Nodes nodes) {
    this.nodes = nodes;
  }

  List<Equation> unite(List<Equation> equations) {
    var first = new HashMap<Key, Tensor>();
    var result = new ArrayList<Equation>();
    for (var equation : equations) {
      if (Rebuild.tensors(equation).contains(equation.tensor()) || isTrivial(equation)) {
        result.add(equation);
        continue;
      }
      var same = first.putIfAbsent(keys.computeIfAbsent(equation, this::key), equation.tensor());
      result.add(
          same == null
              ? equation
              : new Equation(
                  equation.tensor(),
                  equation.axes(),
                  nodes.readAt(same, equation.axes()),
                  equation.origin()));
    }
    return result;
  }

  private static boolean isTrivial(Equation equation) {
    return equation.reduction().isEmpty()
        && (equation.body().expr() instanceof Expr.Read
            || equation.body().expr() instanceof Expr.Real);
  }

  private Key key(Equation equation) {
    var names = new HashMap<Atom, Poly>();
    var extents = new ArrayList<Poly>();
    var all = new ArrayList<>(equation.axes());
    all.addAll(equation.reduced());
    for (var axis : all) {
      names.put(axis.index(), canonical(names.size()));
      extents.add(axis.extent());
    }
    extents.add(Poly.of(equation.axes().size()));
    var put = Rebuild.substitution(nodes, names);
    Map<Atom, Poly> fixed = names;
    var reduction =
        equation
            .reduction()
            .map(
                r ->
                    new Reduction(
                        r.kind(),
                        r.axes().stream()
                            .map(
                                a ->
                                    new Axis(
                                        (Atom.Index)
                                            fixed.get(a.index()).variables().iterator().next(),
                                        a.extent()))
                            .toList(),
                        put.apply(r.guard())));
    return new Key(extents, reduction, put.apply(equation.body()));
  }

  private static Poly canonical(int number) {
    return Poly.index("$" + number);
  }
}
