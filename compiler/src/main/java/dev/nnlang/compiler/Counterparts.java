package dev.nnlang.compiler;

import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.equation.Interpreter;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Values;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Typed.Type;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Losses that say of probabilities what another says of logits. No declaration is known by name:
 * {@code L} is a counterpart of {@code K} behind {@code f} if {@code L(f(z), ...) = K(z, ...)} at
 * random points, which the interpreter evaluates at small sizes.
 */
final class Counterparts {
  private static final int TRIALS = 3;
  private static final double TOLERANCE = 1e-9;

  /** Sizes of the trial: different ones, so that a mix-up of dimensions shows. */
  private static final int[] SIZES = {3, 4, 5, 2};

  private final Workspace workspace;
  private final Map<Poly, Integer> sizes = new HashMap<>();
  private final Random random = new Random(1);

  private Counterparts(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * The names of all counterparts that can be seen from the started file.
   *
   * @param loss the loss that takes logits, by the name under which it is called
   * @param called its body at that call
   * @param maker what makes probabilities of logits, by its name
   * @param made its body where it is called
   */
  static List<String> of(
      Workspace workspace, String loss, Typed.Body called, String maker, Typed.Body made) {
    var search = new Counterparts(workspace);
    var types = called.inputs().stream().map(v -> search.small(v.type())).toList();
    var wanted = search.formula(loss, types);
    var normaliser =
        made.inputs().size() == 1
            ? search.formula(maker, List.of(search.small(made.inputs().getFirst().type())))
            : Optional.<Formula>empty();
    if (wanted.isEmpty() || normaliser.isEmpty()) {
      return List.of();
    }
    var found = new ArrayList<String>();
    for (var name : workspace.names()) {
      boolean isOther = !name.equals(loss) && workspace.kindOf(name).equals(Optional.of("loss"));
      if (isOther
          && search
              .formula(name, types)
              .filter(f -> search.agree(f, wanted.get(), normaliser.get()))
              .isPresent()) {
        found.add(name);
      }
    }
    return found;
  }

  /** A declaration that can be evaluated: it draws nothing and owns nothing. */
  private record Formula(Program program, List<Typed.Variable> inputs) {
    double[] at(List<Values> arguments) {
      var given = new HashMap<String, Values>();
      for (int i = 0; i < inputs.size(); i++) {
        given.put(inputs.get(i).name(), arguments.get(i));
      }
      var results = Interpreter.run(program, given, Map.of());
      return results.get(program.outputs().getFirst().tensor()).reals();
    }
  }

  private Optional<Formula> formula(String name, List<Type> types) {
    boolean isClosed =
        types.stream().noneMatch(t -> t.shape().stream().anyMatch(Dimension::isBatch));
    if (!isClosed || !takes(name, types)) {
      return Optional.empty();
    }
    var given = types.stream().map(Optional::of).toList();
    var instance = Semantics.instance(workspace, name, Map.of(), given, Mode.INFERENCE).value();
    if (instance.isEmpty() || !instance.get().body().owned().isEmpty()) {
      return Optional.empty();
    }
    var body = instance.get().body();
    var run = new Elaborate.Run(List.of(), Set.of(), Phase.INFERENCE, Set.of());
    var program = Elaborate.run(instance.get(), run);
    boolean isPlain =
        body.inputs().size() == types.size()
            && program.derivatives().isEmpty()
            && program.outputs().size() == 1
            && body.outputs().getFirst().type().element() instanceof Element.Real
            && program.inputs().stream().allMatch(i -> i.role() == Program.Role.DATA);
    return isPlain ? Optional.of(new Formula(program, body.inputs())) : Optional.empty();
  }

  /** Whether a declaration has as many inputs, each of that rank. */
  private boolean takes(String name, List<Type> types) {
    if (!(workspace.declaration(name).orElse(null) instanceof Ast.Function f)
        || f.inputs().size() != types.size()) {
      return false;
    }
    for (int i = 0; i < types.size(); i++) {
      var dims = f.inputs().get(i).dims().orElse(List.of());
      boolean hasRun = dims.stream().anyMatch(d -> d instanceof Ast.DimRun);
      if (hasRun ? types.get(i).rank() < dims.size() - 1 : types.get(i).rank() != dims.size()) {
        return false;
      }
    }
    return true;
  }

  /** Whether one loss gives behind the normaliser, at some input, what the other gives without. */
  private boolean agree(Formula one, Formula wanted, Formula normaliser) {
    for (int input = 0; input < one.inputs().size(); input++) {
      boolean isReal = one.inputs().get(input).type().element() instanceof Element.Real;
      int whole = size(one.inputs().get(input).type());
      int part = size(normaliser.inputs().getFirst().type());
      boolean isEqual = isReal && whole % part == 0;
      for (int trial = 0; isEqual && trial < TRIALS; trial++) {
        var logits = one.inputs().stream().map(v -> point(v.type())).toList();
        var probabilities = new ArrayList<>(logits);
        probabilities.set(input, mapped(normaliser, logits.get(input).reals(), part));
        isEqual = near(one.at(probabilities), wanted.at(logits));
      }
      if (isEqual) {
        return true;
      }
    }
    return false;
  }

  private static Values mapped(Formula f, double[] x, int part) {
    var y = new double[x.length];
    for (int i = 0; i < x.length; i += part) {
      var piece = new Values.Reals(Arrays.copyOfRange(x, i, i + part));
      System.arraycopy(f.at(List.of(piece)), 0, y, i, part);
    }
    return new Values.Reals(y);
  }

  private static boolean near(double[] a, double[] b) {
    boolean isNear = a.length == b.length;
    for (int i = 0; isNear && i < a.length; i++) {
      isNear = Math.abs(a[i] - b[i]) <= TOLERANCE * (1 + Math.abs(b[i]));
    }
    return isNear;
  }

  private Values point(Type type) {
    int size = size(type);
    return switch (type.element()) {
      case Element.Real _ -> new Values.Reals(random.doubles(size, -2, 2).toArray());
      case Element.Int _, Element.Bool _ -> new Values.Wholes(random.longs(size, 0, 2).toArray());
      case Element.IndexOf(var dimension) ->
          new Values.Wholes(random.longs(size, 0, number(dimension)).toArray());
    };
  }

  private static int size(Type type) {
    return type.shape().stream().mapToInt(Counterparts::number).reduce(1, Math::multiplyExact);
  }

  private static int number(Dimension dimension) {
    return Math.toIntExact(dimension.size().constantTerm());
  }

  /** The type with small sizes, equal where they were equal. */
  private Type small(Type type) {
    var element =
        type.element() instanceof Element.IndexOf(var dimension)
            ? new Element.IndexOf(small(dimension))
            : type.element();
    return new Type(element, type.shape().stream().map(this::small).toList());
  }

  private Dimension small(Dimension dimension) {
    return dimension.isBatch()
        ? dimension
        : Dimension.of(
            Poly.of(
                sizes.computeIfAbsent(dimension.size(), _ -> SIZES[sizes.size() % SIZES.length])));
  }
}
