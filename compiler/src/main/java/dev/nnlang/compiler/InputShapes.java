package dev.nnlang.compiler;

import dev.nnlang.compiler.Evaluation.Given;
import dev.nnlang.compiler.Evaluation.Misfit;
import dev.nnlang.compiler.Evaluation.Request;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the shapes of given tensors say: which leading dimensions are the batch (LR-80), and the
 * types of the declaration's inputs without them.
 *
 * @param types of the inputs, in order; empty for one that is left to its default
 * @param batch the extents of the batch's dimensions
 * @param shared inputs that have none of them
 */
record InputShapes(List<Optional<Typed.Type>> types, List<Poly> batch, Set<String> shared) {

  static InputShapes of(Ast.Function function, Request request) throws Misfit {
    var names = function.inputs().stream().map(p -> p.name().text()).toList();
    for (var given : request.inputs().keySet()) {
      if (!names.contains(given)) {
        throw new Misfit(
            Given.INPUTS,
            request.name() + " has no input " + given,
            "its inputs are " + String.join(", ", names));
      }
    }
    var types = new ArrayList<Optional<Typed.Type>>();
    var shared = new HashSet<String>();
    int[] batch = null;
    String shownBy = "";
    for (var port : function.inputs()) {
      var name = port.name().text();
      var tensor = request.inputs().get(name);
      if (tensor == null && port.absent().isPresent()) {
        types.add(Optional.empty());
        continue;
      }
      if (tensor == null) {
        throw new Misfit(
            Given.INPUTS,
            "the input " + name + " of " + request.name() + " is not given",
            "its inputs are " + String.join(", ", names));
      }
      fitting(port, tensor);
      int leading = leading(function, port, tensor, request);
      boolean sees = sees(port);
      var lead = Arrays.copyOf(tensor.shape(), sees ? 1 : leading);
      types.add(Optional.of(type(port, tensor, leading, sees)));
      if (lead.length == 0) {
        shared.add(name);
      } else if (batch == null) {
        batch = lead;
        shownBy = name;
      } else if (!Arrays.equals(batch, lead)) {
        throw new Misfit(
            Given.INPUTS,
            "the batch is %s in %s and %s in %s"
                .formatted(Arrays.toString(batch), shownBy, Arrays.toString(lead), name),
            "inputs with a batch have the same one");
      }
    }
    var extents =
        batch == null
            ? List.<Poly>of()
            : Arrays.stream(batch).mapToObj(Poly::of).collect(Collectors.toList());
    return new InputShapes(types, extents, shared);
  }

  /**
   * Whole numbers become reals where reals are wanted, and nothing else becomes another (LR-25).
   */
  private static void fitting(Ast.Port port, Tensor tensor) throws Misfit {
    boolean isReal = tensor.type() == ElementType.F32 || tensor.type() == ElementType.F64;
    boolean isBool = tensor.type() == ElementType.BOOL;
    var wanted =
        switch (port.type().orElse(null)) {
          case Ast.IndexType(var dimension, _) when isReal || isBool ->
              "index " + dimension.span().text();
          case Ast.ScalarType(var scalar, _) when scalar == Ast.Scalar.INT && (isReal || isBool) ->
              "int";
          case Ast.ScalarType(var scalar, _) when scalar == Ast.Scalar.BOOL && !isBool -> "bool";
          case Ast.ScalarType(var scalar, _) when scalar == Ast.Scalar.REAL && isBool -> "real";
          case null -> isBool ? "real" : "";
          case Ast.IndexType _, Ast.ScalarType _ -> "";
        };
    if (!wanted.isEmpty()) {
      throw new Misfit(
          Given.INPUTS,
          "%s holds %s, expected %s"
              .formatted(port.name().text(), isReal ? "reals" : isBool ? "bools" : "ints", wanted),
          "");
    }
  }

  private static boolean sees(Ast.Port port) {
    return port.dims()
        .filter(d -> !d.isEmpty() && d.getFirst() instanceof Ast.DimBatch)
        .isPresent();
  }

  /** How many leading dimensions are the batch. */
  private static int leading(Ast.Function function, Ast.Port port, Tensor tensor, Request request)
      throws Misfit {
    var dims = port.dims().orElse(List.of());
    if (function.kind() == Ast.Kind.OPTIMIZER) {
      return 0;
    }
    boolean anyRun = dims.stream().anyMatch(Ast.DimRun.class::isInstance);
    int fixed = (int) dims.stream().filter(d -> !(d instanceof Ast.DimRun)).count();
    int leading = sees(port) ? 0 : anyRun ? request.batchDims() : tensor.rank() - fixed;
    if (leading < 0 || tensor.rank() < fixed + (anyRun ? leading : 0)) {
      boolean manyBatchDims = anyRun && request.batchDims() > 0;
      throw new Misfit(
          Given.INPUTS,
          "%s has %d dimensions, %s takes at least %d"
              .formatted(
                  port.name().text(),
                  tensor.rank(),
                  request.name(),
                  fixed + (anyRun ? leading : 0)),
          manyBatchDims ? "%d of them are for the batch".formatted(request.batchDims()) : "");
    }
    return leading;
  }

  private static Typed.Type type(Ast.Port port, Tensor tensor, int leading, boolean sees) {
    var shape = new ArrayList<Dimension>();
    for (int i = leading; i < tensor.rank(); i++) {
      shape.add(i == 0 && sees ? Dimension.batch() : Dimension.of(Poly.of(tensor.shape()[i])));
    }
    Element element =
        switch (tensor.type()) {
          case F32, F64 -> new Element.Real();
          case INT -> new Element.Int();
          case BOOL -> new Element.Bool();
        };
    return new Typed.Type(element, shape);
  }
}
