package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a call is mapped: the leading dimensions that its arguments have beyond the declared ones
 * (LR-17, LR-46).
 *
 * @param mapped the leading dimensions, outermost first
 * @param spread for each argument that is given whether it has them
 * @param inputs for each declared input the type that the body gets, {@code batch} in front where
 *     declared; empty where it is left to its default
 */
public record Mapping(
    List<Dimension> mapped, List<Boolean> spread, List<Optional<Typed.Type>> inputs) {

  /** The mapping of a call, or null where shapes do not allow one. */
  static Mapping of(
      Symbol callee, Ast.Function f, List<Optional<Typed.Expr>> given, Span at, Context c) {
    if (!isEnough(f, given)) {
      c.frame()
          .report(
              new ConfigProblem.WrongInputCount(
                  at,
                  f.name().text(),
                  (int) given.stream().filter(Optional::isPresent).count(),
                  f.inputs().stream().map(p -> p.name().text()).toList(),
                  callee.span()));
      return null;
    }
    List<Dimension> mapped = List.of();
    Span first = at;
    var spread = new ArrayList<Boolean>();
    var inputs = new ArrayList<Optional<Typed.Type>>();
    for (int i = 0; i < f.inputs().size(); i++) {
      var port = f.inputs().get(i);
      if (i >= given.size() || given.get(i).isEmpty()) {
        inputs.add(Optional.empty());
        continue;
      }
      var argument = given.get(i).get();
      var type = argument.type();
      var dims = port.dims().orElse(List.of());
      boolean hasRun = dims.stream().anyMatch(d -> d instanceof Ast.DimRun);
      boolean hasBatch = !dims.isEmpty() && dims.getFirst() instanceof Ast.DimBatch;
      int declared = dims.size() - (hasBatch ? 1 : 0) - (hasRun ? 1 : 0);
      int extra = type.rank() - declared;
      if (extra < 0) {
        c.frame()
            .report(
                new ShapeProblem.TooFewDims(
                    argument.span(),
                    f.name().text(),
                    text(port),
                    declared,
                    type.rank() == 0 ? "a scalar" : Types.text(type.shape()),
                    port.span()));
        return null;
      }
      extra = hasRun ? 0 : extra;
      var leading = type.shape().subList(0, extra);
      if (extra > 0) {
        if (mapped.isEmpty()) {
          mapped = leading;
          first = argument.span();
        } else if (Shapes.equal(mapped, leading, c).fails()) {
          c.frame()
              .report(
                  new ShapeProblem.LeadingDiffer(
                      argument.span(),
                      f.name().text(),
                      Types.text(mapped),
                      Types.text(leading),
                      first));
          return null;
        } else {
          mapped = Shapes.join(mapped, leading);
        }
      }
      spread.add(extra > 0);
      var own = new ArrayList<Dimension>();
      if (hasBatch) {
        own.add(Dimension.batch());
      }
      own.addAll(type.shape().subList(extra, type.rank()));
      inputs.add(Optional.of(Types.of(type.element(), own)));
    }
    return new Mapping(List.copyOf(mapped), spread, inputs);
  }

  /** Whether every input is given that has no default, and none too many. */
  private static boolean isEnough(Ast.Function f, List<Optional<Typed.Expr>> given) {
    for (int i = 0; i < f.inputs().size(); i++) {
      boolean isGiven = i < given.size() && given.get(i).isPresent();
      if (!isGiven && f.inputs().get(i).absent().isEmpty()) {
        return false;
      }
    }
    return given.size() <= f.inputs().size();
  }

  /** The input as it is declared: {@code x[T, In]}. */
  static String text(Ast.Port port) {
    return port.span().text();
  }

  /** The type of an output at the call: mapped dimensions in front, no batch. */
  Typed.Type result(Typed.Type output) {
    var shape = output.shape();
    var own =
        !shape.isEmpty() && shape.getFirst().isBatch() ? shape.subList(1, shape.size()) : shape;
    return Types.mapped(mapped, Types.of(output.element(), own));
  }
}
