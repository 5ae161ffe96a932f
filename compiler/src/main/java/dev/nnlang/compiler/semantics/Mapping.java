package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;

/**
 * How a call is mapped: the leading dimensions that its arguments have beyond the declared ones
 * (language.md section 4, LR-17, LR-46).
 *
 * @param mapped the leading dimensions, outermost first
 * @param spread for each argument whether it has them
 * @param inputs the types that the body's inputs get, {@code batch} in front where declared
 */
record Mapping(List<Dimension> mapped, List<Boolean> spread, List<Typed.Type> inputs) {

  /** The mapping of a call, or null where shapes do not allow one. */
  static Mapping of(Symbol callee, Ast.Function f, List<Typed.Expr> arguments, Span at, Context c) {
    if (arguments.size() != f.inputs().size()) {
      c.frame()
          .report(
              new ConfigProblem.WrongInputCount(
                  at,
                  f.name().text(),
                  arguments.size(),
                  f.inputs().stream().map(p -> p.name().text()).toList(),
                  callee.span()));
      return null;
    }
    List<Dimension> mapped = List.of();
    Span first = at;
    var spread = new ArrayList<Boolean>();
    var inputs = new ArrayList<Typed.Type>();
    for (int i = 0; i < arguments.size(); i++) {
      var port = f.inputs().get(i);
      var type = arguments.get(i).type();
      var dims = port.dims().orElse(List.of());
      boolean hasRun = dims.stream().anyMatch(d -> d instanceof Ast.DimRun);
      boolean hasBatch = !dims.isEmpty() && dims.getFirst() instanceof Ast.DimBatch;
      int declared = dims.size() - (hasBatch ? 1 : 0) - (hasRun ? 1 : 0);
      int extra = type.rank() - declared;
      if (extra < 0) {
        c.frame()
            .report(
                new ShapeProblem.TooFewDims(
                    arguments.get(i).span(),
                    f.name().text(),
                    text(port),
                    declared,
                    Types.describe(type),
                    port.span()));
        return null;
      }
      extra = hasRun ? 0 : extra;
      var leading = type.shape().subList(0, extra);
      if (extra > 0) {
        if (mapped.isEmpty()) {
          mapped = leading;
          first = arguments.get(i).span();
        } else if (Shapes.equal(mapped, leading, c).fails()) {
          c.frame()
              .report(
                  new ShapeProblem.LeadingDiffer(
                      arguments.get(i).span(),
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
      inputs.add(Types.of(type.element(), own));
    }
    return new Mapping(List.copyOf(mapped), spread, inputs);
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
