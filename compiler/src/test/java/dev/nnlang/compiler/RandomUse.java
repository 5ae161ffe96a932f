package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * A use of any declaration, made from its signature alone: sizes and configs are drawn until the
 * checker accepts them, so that {@code where} conditions hold, and values are drawn by the types of
 * the inputs.
 */
final class RandomUse {
  private static final int TRIES = 400;

  private final Workspace workspace;
  private final Ast.Function function;
  private final Typed.Instance instance;
  private final InputShapes shapes;
  private final Map<String, String> settings;
  private final Map<String, Tensor> inputs;

  private RandomUse(
      Workspace workspace,
      Ast.Function function,
      Typed.Instance instance,
      InputShapes shapes,
      Map<String, String> settings,
      Map<String, Tensor> inputs) {
    this.workspace = workspace;
    this.function = function;
    this.instance = instance;
    this.shapes = shapes;
    this.settings = settings;
    this.inputs = inputs;
  }

  /**
   * What is to be drawn.
   *
   * @param batch how many examples
   * @param reals a value of a real input
   * @param all whether inputs that have a default are given sometimes, and runs have any length; if
   *     not, inputs are just those that must be given, and a run is one dimension
   * @param most the largest size of a dimension that is drawn
   */
  record Wish(Phase phase, int batch, ToDoubleFunction<Random> reals, boolean all, int most) {
    /** One example, without a dimension for the batch. */
    static final int NONE = 0;

    Wish(Phase phase, int batch, ToDoubleFunction<Random> reals, boolean all) {
      this(phase, batch, reals, all, 6);
    }
  }

  /** The standard library as a workspace of its own. */
  static Workspace library() {
    var nothing = Parser.parse(new SourceFile("nothing.nn", "")).value();
    return Workspace.of(nothing, Library.files(), Sources.none()).value();
  }

  /** Everything in the library that maps tensors to tensors and has a derivative. */
  static List<Ast.Function> differentiable() {
    return declared(
        EnumSet.of(
            Ast.Kind.FN, Ast.Kind.ACTIVATION, Ast.Kind.LAYER, Ast.Kind.MODEL, Ast.Kind.LOSS));
  }

  /** Everything of these kinds in the library, in the order of its files. */
  static List<Ast.Function> declared(Set<Ast.Kind> kinds) {
    return Library.files().stream()
        .flatMap(file -> file.declarations().stream())
        .filter(d -> d instanceof Ast.Function f && kinds.contains(f.kind()))
        .map(Ast.Function.class::cast)
        .toList();
  }

  /** Empty where the checker accepted nothing of all that was tried. */
  static Optional<RandomUse> draw(
      Workspace workspace, Ast.Function function, Wish wish, Random random) {
    for (int k = 0; k < TRIES; k++) {
      var drawn = new Draw(workspace, function, wish, random).use();
      if (drawn.isPresent()) {
        return drawn;
      }
    }
    return Optional.empty();
  }

  Ast.Function function() {
    return function;
  }

  Typed.Instance instance() {
    return instance;
  }

  Map<String, String> settings() {
    return settings;
  }

  Map<String, Tensor> inputs() {
    return inputs;
  }

  /** The equations, with the derivative of every real output by all that is real. */
  Program program(Phase phase, boolean gradients) {
    var upstream = new LinkedHashSet<String>();
    if (gradients) {
      upstream.addAll(realOutputs());
    }
    var run = new Elaborate.Run(shapes.batch(), shapes.shared(), phase, upstream);
    return Elaborate.run(instance, run);
  }

  Set<String> realOutputs() {
    var names = new LinkedHashSet<String>();
    instance.body().outputs().stream()
        .filter(o -> o.type().element() instanceof Typed.Element.Real)
        .forEach(o -> names.add(o.name()));
    return names;
  }

  Program initial() {
    return Elaborate.initial(instance);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(function.name().text()).append(settings);
    inputs.forEach((name, value) -> text.append(' ').append(name).append(value));
    return text.toString();
  }

  // Drawing.

  private static final class Draw {
    private final Workspace workspace;
    private final Ast.Function function;
    private final Wish wish;
    private final Random random;
    private final Map<String, Long> sizes = new HashMap<>();
    private final Map<String, int[]> runs = new HashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    Draw(Workspace workspace, Ast.Function function, Wish wish, Random random) {
      this.workspace = workspace;
      this.function = function;
      this.wish = wish;
      this.random = random;
    }

    Optional<RandomUse> use() {
      function.configs().forEach(this::config);
      var inputs = new LinkedHashMap<String, Tensor>();
      for (var port : function.inputs()) {
        if (port.absent().isEmpty() || wish.all && random.nextInt(3) > 0) {
          inputs.put(port.name().text(), tensor(port));
        }
      }
      var request =
          new Evaluation.Request(
              function.name().text(),
              settings,
              inputs,
              Map.of(),
              Map.of(),
              Evaluation.Phase.INFERENCE,
              wish.batch == Wish.NONE ? 0 : 1,
              0,
              1,
              1);
      try {
        var shapes = InputShapes.of(function, request);
        var mode =
            switch (wish.phase) {
              case TRAINING -> Mode.TRAINING;
              case INFERENCE -> Mode.INFERENCE;
            };
        var config = ConfigText.parse(settings).value();
        var checked =
            Semantics.instance(workspace, function.name().text(), config, shapes.types(), mode);
        boolean fine = checked.problems().stream().noneMatch(p -> p.severity() == Severity.ERROR);
        return fine
            ? checked
                .value()
                .map(i -> new RandomUse(workspace, function, i, shapes, settings, inputs))
            : Optional.empty();
      } catch (Evaluation.Misfit _) {
        return Optional.empty();
      }
    }

    /** Defaults are kept half of the time; what is no number keeps its default always. */
    private void config(Ast.Config config) {
      var name = config.name().text();
      boolean wanted = config.fallback().isEmpty();
      var kind = config.type().map(Ast.ConfigType::kind);
      var value =
          kind.isPresent()
              ? switch (kind.get()) {
                case DIM, INT -> Optional.of(Integer.toString(small()));
                case REAL ->
                    wanted
                        ? Optional.of(Double.toString(0.125 + random.nextInt(6) * 0.125))
                        : Optional.<String>empty();
                case BOOL -> Optional.of(Boolean.toString(random.nextBoolean()));
                case FN -> wanted ? some(Ast.Kind.ACTIVATION) : Optional.<String>empty();
                case LAYER -> wanted ? some(Ast.Kind.LAYER) : Optional.<String>empty();
                case INIT -> wanted ? some(Ast.Kind.INIT) : Optional.<String>empty();
                case SCHEDULE -> wanted ? some(Ast.Kind.SCHEDULE) : Optional.<String>empty();
                case STRING -> Optional.<String>empty();
              }
              : switch (config.fallback().orElse(null)) {
                case Ast.IntLiteral _ -> Optional.of(Integer.toString(small()));
                case Ast.BoolLiteral _ -> Optional.of(Boolean.toString(random.nextBoolean()));
                case null -> Optional.of(Integer.toString(small()));
                default -> Optional.<String>empty();
              };
      if (value.isPresent() && (wanted || random.nextBoolean())) {
        settings.put(name, value.get());
        if (value.get().matches("\\d+")) {
          sizes.put(name, Long.parseLong(value.get()));
        }
      } else if (config.fallback().orElse(null) instanceof Ast.IntLiteral(var number, _, _)) {
        sizes.put(name, number);
      }
    }

    private int small() {
      return 1 + random.nextInt(Math.min(wish.most, 4));
    }

    /**
     * A declaration of the library of this kind; the configs that it wants are drawn, or left to
     * the declaration under test.
     */
    private Optional<String> some(Ast.Kind kind) {
      var all =
          Library.files().stream()
              .flatMap(f -> f.declarations().stream())
              .filter(d -> d instanceof Ast.Function f && f.kind() == kind)
              .map(Ast.Function.class::cast)
              .filter(f -> !f.name().text().equals(function.name().text()))
              .toList();
      var chosen = all.get(random.nextInt(all.size()));
      var wanted = new ArrayList<String>();
      for (var config : chosen.configs()) {
        if (config.fallback().isEmpty()) {
          wanted.add(config.name().text() + " = " + small());
        }
      }
      var list =
          wanted.isEmpty() || random.nextBoolean() ? "" : "(" + String.join(", ", wanted) + ")";
      return Optional.of(chosen.name().text() + list);
    }

    private Tensor tensor(Ast.Port port) {
      var shape = new ArrayList<Integer>();
      var dims = port.dims().orElse(List.of());
      boolean sees = !dims.isEmpty() && dims.getFirst() instanceof Ast.DimBatch;
      if (wish.batch != Wish.NONE && !sees) {
        shape.add(wish.batch);
      }
      for (var item : dims) {
        switch (item) {
          case Ast.DimBatch _ -> shape.add(Math.max(1, wish.batch));
          case Ast.DimRun(var name, _) -> {
            for (int size : runs.computeIfAbsent(name.text(), _ -> run())) {
              shape.add(size);
            }
          }
          case Ast.DimSize(var size, _) -> shape.add((int) size(size));
          case Ast.DimIndexed(_, var size, _) -> shape.add((int) size(size));
          case Ast.Missing _ -> throw new AssertionError("a hole in the library: " + port);
        }
      }
      long below = 3;
      var type = ElementType.F64;
      switch (port.type().orElse(null)) {
        case Ast.IndexType(var dimension, _) -> {
          type = ElementType.INT;
          below = size(dimension);
        }
        case Ast.ScalarType(var scalar, _) ->
            type =
                switch (scalar) {
                  case BOOL -> ElementType.BOOL;
                  case INT -> ElementType.INT;
                  case REAL -> ElementType.F64;
                };
        case null -> {}
      }
      var value = Tensor.zeros(type, shape.stream().mapToInt(n -> n).toArray());
      for (int k = 0; k < value.size(); k++) {
        value.set(
            k,
            switch (type) {
              case F32, F64 -> wish.reals.applyAsDouble(random);
              case INT -> random.nextInt((int) below);
              case BOOL -> random.nextInt(2);
            });
      }
      return value;
    }

    private int[] run() {
      var sizes = new int[wish.all ? 1 + random.nextInt(2) : 1];
      for (int k = 0; k < sizes.length; k++) {
        sizes[k] = small();
      }
      return sizes;
    }

    /** A dimension has one size wherever it is named; arithmetic over them is computed. */
    private long size(Ast.Expr size) {
      return switch (size) {
        case Ast.IntLiteral(var value, _, _) -> value;
        case Ast.Ref(var name, _, _) -> named(name.text());
        case Ast.Binary(var op, var x, var y, _) ->
            switch (op) {
              case ADD -> size(x) + size(y);
              case SUB -> Math.max(1, size(x) - size(y));
              case MUL -> size(x) * size(y);
              case DIV -> Math.max(1, size(x) / Math.max(1, size(y)));
              default -> small();
            };
        default -> small();
      };
    }

    private long named(String name) {
      return switch (workspace.declaration(name).orElse(null)) {
        case Ast.DimDef def -> size(def.value());
        case Ast.EnumDim members -> members.members().size();
        case null, default -> sizes.computeIfAbsent(name, _ -> 1L + random.nextInt(wish.most));
      };
    }
  }
}
