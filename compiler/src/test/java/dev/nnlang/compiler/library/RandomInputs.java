package dev.nnlang.compiler.library;

import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random tensors for the inputs of a declaration. Dimensions that its file gives as numbers have
 * that size, a name that is inferred has the same size wherever it stands, and a batch of {@link
 * #BATCH} examples stands in front.
 */
final class RandomInputs {
  static final int BATCH = 3;
  private static final int INFERRED = 4;

  private final Map<String, Integer> sizes = new HashMap<>();
  private final Random random;
  private final Options.Precision precision;

  RandomInputs(Ast.File file, Options.Precision precision, long seed) {
    this.precision = precision;
    this.random = new Random(seed);
    for (var declaration : file.declarations()) {
      switch (declaration) {
        case Ast.DimDef(_, var name, Ast.IntLiteral size, _) ->
            sizes.put(name.text(), Math.toIntExact(size.value()));
        case Ast.EnumDim d -> sizes.put(d.name().text(), d.members().size());
        default -> {}
      }
    }
  }

  Map<String, Tensor> of(Ast.Function f) {
    var inputs = new LinkedHashMap<String, Tensor>();
    f.inputs().forEach(port -> inputs.put(port.name().text(), input(port)));
    return inputs;
  }

  private Tensor input(Ast.Port port) {
    var items = port.dims().orElse(List.of());
    boolean sees = !items.isEmpty() && items.getFirst() instanceof Ast.DimBatch;
    var lead = sees ? IntStream.empty() : IntStream.of(BATCH);
    var shape = IntStream.concat(lead, items.stream().flatMapToInt(this::sizes)).toArray();
    return switch (port.type()) {
      case Optional<Ast.Type> t when t.isEmpty() -> reals(shape);
      case Optional<Ast.Type> t when t.get() instanceof Ast.IndexType(Ast.Ref of, _) ->
          integers(size(of), shape);
      case Optional<Ast.Type> t when t.get() instanceof Ast.ScalarType(var scalar, _) ->
          switch (scalar) {
            case BOOL -> booleans(shape);
            case INT -> integers(INFERRED, shape);
            case REAL -> reals(shape);
          };
      default -> throw new IllegalArgumentException("an example's inputs are simpler: " + port);
    };
  }

  private IntStream sizes(Ast.DimItem item) {
    return switch (item) {
      case Ast.DimBatch _ -> IntStream.of(BATCH);
      case Ast.DimRun _ -> IntStream.of(2, INFERRED);
      case Ast.DimSize(var size, _) -> IntStream.of(size(size));
      case Ast.DimIndexed _, Ast.Missing _ ->
          throw new IllegalArgumentException("no input: " + item);
    };
  }

  private int size(Ast.Expr size) {
    return switch (size) {
      case Ast.IntLiteral n -> Math.toIntExact(n.value());
      case Ast.Ref r -> sizes.getOrDefault(r.name().text(), INFERRED);
      default -> throw new IllegalArgumentException("an example's sizes are numbers or names");
    };
  }

  private Tensor reals(int[] shape) {
    var tensor = Tensor.zeros(precision.element(), shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextGaussian());
    }
    return tensor;
  }

  private Tensor integers(int below, int[] shape) {
    return Tensor.of(random.longs(Tensor.size(shape), 0, below).toArray(), shape);
  }

  private Tensor booleans(int[] shape) {
    return Tensor.ofBooleans(random.longs(Tensor.size(shape), 0, 2).toArray(), shape);
  }
}
