package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.random.Orthogonal;
import java.util.List;
import org.objectweb.asm.Opcodes;

/** Emits an orthogonal draw: one call that makes the whole matrix, then a copy. */
final class OrthogonalEmitter {
  private final KernelScope scope;
  private final Code code;

  OrthogonalEmitter(KernelScope scope) {
    this.scope = scope;
    this.code = scope.code;
  }

  void emit(Equation equation) {
    if (!(equation.body().expr() instanceof Expr.Draw draw)) {
      throw new CompilerBug("not an orthogonal draw: " + equation);
    }
    equation.origin().span().ifPresent(span -> code.line(span.line()));
    var polys = new Polys(scope);
    var key = draw.key();
    // The key's element tells elements apart, which a whole matrix does not need.
    for (var axis : equation.axes()) {
      code.constant(0);
      scope.index(axis.index(), code.keep(Kind.INT));
    }
    var values = new Values(scope, List.of(key.seed(), key.step(), key.example()));
    code.load(scope.site(draw.site()));
    List.of(key.seed(), key.step(), key.example()).forEach(values::value);
    var shape = equation.axes().stream().map(Axis::extent).toList();
    polys.asInt(shape.isEmpty() ? Poly.ONE : shape.getFirst());
    polys.asInt(Poly.product(shape.isEmpty() ? shape : shape.subList(1, shape.size())));
    code.call(
        Abi.method(
            Orthogonal.class,
            "matrix",
            long.class,
            long.class,
            long.class,
            long.class,
            int.class,
            int.class));
    var matrix = code.keep(Kind.REF);
    polys.asInt(Poly.product(shape));
    var end = code.keep(Kind.INT);
    code.constant(0);
    var position = code.keep(Kind.INT);
    var ops = new ScalarOps(scope);
    code.upTo(
        position,
        end,
        () -> {
          code.load(scope.array(equation.tensor()));
          values.address(equation.tensor(), Poly.ZERO);
          code.load(position).op(Opcodes.IADD);
          code.load(matrix).load(position).op(Opcodes.DALOAD);
          ops.fromDouble();
          code.op(scope.precision.kind().arrayStore);
        });
  }
}
