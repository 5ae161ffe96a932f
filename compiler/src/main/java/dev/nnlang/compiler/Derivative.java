package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.notation.Notation;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Formatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A declaration for inputs of any size: its equations, and those of its derivative. */
final class Derivative {
  private Derivative() {}

  /** The derivative as text of the language; its inputs are the declaration's and what arrives. */
  static Checked<String> of(Workspace workspace, String name, Map<String, String> settings) {
    return instance(workspace, name, settings)
        .map(found -> found.map(instance -> text(name, instance)).orElse(""));
  }

  /**
   * The derivative of one equation, on the same way: the equation becomes a function of all that it
   * reads. Empty where nothing real is read or given, or where what is given is drawn.
   */
  static Optional<String> of(Typed.Statement equation) {
    var reads = new LinkedHashSet<Typed.Variable>();
    var targets = new LinkedHashSet<Typed.Variable>();
    switch (equation) {
      case Typed.Define(var target, var primed, _, var value, _) -> {
        if (primed) {
          return Optional.empty();
        }
        targets.add(target);
        TypedWalk.reads(value, (variable, _, _, _) -> reads.add(variable));
      }
      case Typed.DefineAll(var all, var call, _) -> {
        all.forEach(t -> t.ifPresent(targets::add));
        for (var argument : call.arguments()) {
          TypedWalk.reads(argument, (variable, _, _, _) -> reads.add(variable));
        }
      }
    }
    reads.removeAll(targets);
    return of(
        new Typed.Body(
            Ast.Kind.LAYER,
            "equation",
            List.copyOf(reads),
            List.copyOf(targets),
            targets.size(),
            List.of(),
            List.of(equation),
            equation.span()));
  }

  /** The equations of a body's derivative by its inputs and parameters. */
  static Optional<String> of(Typed.Body body) {
    var real =
        body.outputs().stream()
            .filter(Derivative::isReal)
            .map(Typed.Variable::name)
            .collect(Collectors.toSet());
    if (real.isEmpty() || body.inputs().stream().noneMatch(Derivative::isReal)) {
      return Optional.empty();
    }
    var program =
        Pipeline.run(
            onlyGradients(Elaborate.run(new Typed.Instance("", body, 1, false), run(real))));
    if (program.outputs().isEmpty() || program.equations().stream().anyMatch(Derivative::draws)) {
      return Optional.empty();
    }
    return Optional.of(Notation.equations(program));
  }

  private static boolean isReal(Typed.Variable variable) {
    return variable.type().element() instanceof Element.Real;
  }

  private static boolean draws(Equation equation) {
    return Rebuild.reachable(equation.body()).stream().anyMatch(n -> n.expr() instanceof Expr.Draw);
  }

  /** The declaration's own equations, one example at a time. */
  static Checked<Optional<Program>> program(
      Workspace workspace, String name, Map<String, String> settings) {
    return instance(workspace, name, settings)
        .map(found -> found.map(instance -> Elaborate.run(instance, run(Set.of()))));
  }

  private static Elaborate.Run run(Set<String> upstream) {
    return new Elaborate.Run(List.of(), Set.of(), Phase.INFERENCE, upstream);
  }

  private static String text(String name, Typed.Instance instance) {
    var program = explained(trimmed(Pipeline.run(gradients(instance))));
    var sets = new LinkedHashMap<String, Poly>();
    for (var input : instance.body().inputs()) {
      if (input.type().element() instanceof Element.IndexOf(var dimension)
          && program.input(input.name()).isPresent()) {
        sets.put(input.name(), dimension.size());
      }
    }
    var lines = new ArrayList<String>();
    lines.add("The derivative of " + name + ": upstream_Y is what arrives at output Y,");
    lines.add("gradient_X is the derivative by X.");
    if (program.inputs().stream().anyMatch(i -> i.tensor().name().startsWith("draw/"))) {
      lines.add("draw_N is a standard normal or uniform number, or what is drawn itself.");
    }
    var text =
        Notation.function(program, "derivative_of_" + name.toLowerCase(Locale.ROOT), lines, sets);
    return Formatter.format(new SourceFile("derivative.nn", text)).value();
  }

  /** The derivatives of all real outputs; what is drawn is given. */
  static Program gradients(Typed.Instance instance) {
    var real =
        instance.body().outputs().stream()
            .filter(o -> o.type().element() instanceof Element.Real)
            .map(Typed.Variable::name)
            .collect(Collectors.toSet());
    return GivenDraws.of(onlyGradients(Elaborate.run(instance, run(real))));
  }

  /** Without the values themselves: what only they need is then left out. */
  private static Program onlyGradients(Program p) {
    var gradients = p.outputs().stream().filter(o -> o.name().startsWith("gradient/")).toList();
    return new Program(
        p.name(),
        p.nodes(),
        p.open(),
        p.inputs(),
        p.equations(),
        p.derivatives(),
        gradients,
        List.of());
  }

  /** Without inputs that nothing reads, but for those that alone show a size. */
  private static Program trimmed(Program p) {
    var read = new HashSet<Tensor>();
    p.equations().forEach(e -> read.addAll(Rebuild.tensors(e)));
    var kept = new ArrayList<Program.Input>();
    var shown = new HashSet<Poly>();
    for (var input : p.inputs()) {
      if (read.contains(input.tensor())) {
        kept.add(input);
        shown.addAll(input.tensor().shape());
      }
    }
    for (var input : p.inputs()) {
      boolean needed =
          input.tensor().shape().stream().anyMatch(e -> !e.isConstant() && !shown.contains(e));
      if (!kept.contains(input) && needed) {
        kept.add(input);
        shown.addAll(input.tensor().shape());
      }
    }
    var inputs = p.inputs().stream().filter(kept::contains).toList();
    return new Program(
        p.name(), p.nodes(), p.open(), inputs, p.equations(), List.of(), p.outputs(), List.of());
  }

  /** Every equation with words for a reader of the text: what it is, or the line that wrote it. */
  private static Program explained(Program p) {
    return p.withEquations(
        p.equations().stream()
            .map(
                e ->
                    new Equation(
                        e.tensor(), e.axes(), e.reduction(), e.body(), Origin.synthetic(words(e))))
            .toList());
  }

  private static String words(Equation e) {
    var why = e.origin().why();
    var derivative = "d upstream_total / d ";
    if (why.startsWith(derivative)) {
      boolean part = e.tensor().name().contains("#");
      return (part ? "a sum in " : "") + "the derivative by " + why.substring(derivative.length());
    }
    return e.origin()
        .span()
        .map(s -> why + ", from " + s.file().name() + ":" + s.file().line(s.start()))
        .orElse(why);
  }

  static Checked<Optional<Typed.Instance>> instance(
      Workspace workspace, String name, Map<String, String> settings) {
    var declaration = workspace.declaration(name);
    if (!(declaration.orElse(null) instanceof Ast.Function function)
        || function.kind() == Ast.Kind.INIT) {
      Problem problem =
          declaration.isEmpty()
              ? new RequestProblem.NoSuchName(
                  workspace.name(),
                  "declaration",
                  name,
                  NearNames.near(name, workspace.names()),
                  List.of())
              : new RequestProblem.WrongKind(
                  workspace.name(),
                  name,
                  workspace.kindOf(name).orElse("declaration"),
                  "what maps tensors to tensors");
      return new Checked<>(Optional.empty(), List.of(problem));
    }
    return ConfigText.parse(settings)
        .then(
            config ->
                Semantics.instance(
                    workspace, name, config, types(workspace, function, config), Mode.INFERENCE));
  }

  /**
   * Every size as a dimension of its own name, but for those that configs give; a run of dimensions
   * as one. An input that has a default is left to it.
   */
  private static List<Optional<Typed.Type>> types(
      Workspace workspace, Ast.Function function, Map<String, Ast.Expr> config) {
    var types = new ArrayList<Optional<Typed.Type>>();
    var fresh = new HashSet<String>();
    var given = new HashMap<String, Ast.Expr>();
    function.configs().forEach(c -> c.fallback().ifPresent(f -> given.put(c.name().text(), f)));
    given.putAll(config);
    for (var port : function.inputs()) {
      if (port.absent().isPresent()) {
        types.add(Optional.empty());
        continue;
      }
      var shape = new ArrayList<Dimension>();
      for (var item : port.dims().orElse(List.of())) {
        shape.add(
            switch (item) {
              case Ast.DimBatch _ -> Dimension.batch();
              case Ast.DimRun(var run, _) -> Dimension.of(Poly.dim(run.text()));
              case Ast.DimSize(var size, _) -> Dimension.of(size(workspace, size, given, fresh));
              case Ast.DimIndexed(_, var size, _) ->
                  Dimension.of(size(workspace, size, given, fresh));
              case Ast.Missing _ -> Dimension.of(Poly.ONE);
            });
      }
      types.add(Optional.of(new Typed.Type(element(port), shape)));
    }
    return types;
  }

  private static Element element(Ast.Port port) {
    return switch (port.type().orElse(null)) {
      case Ast.IndexType _ -> new Element.Int();
      case Ast.ScalarType(var scalar, _) ->
          switch (scalar) {
            case BOOL -> new Element.Bool();
            case INT -> new Element.Int();
            case REAL -> new Element.Real();
          };
      case null -> new Element.Real();
    };
  }

  private static Poly size(
      Workspace workspace, Ast.Expr size, Map<String, Ast.Expr> given, Set<String> fresh) {
    return switch (size) {
      case Ast.IntLiteral(var value, _, _) -> Poly.of(value);
      case Ast.Ref(var name, _, _)
          when given.get(name.text()) instanceof Ast.IntLiteral(var value, _, _) ->
          Poly.of(value);
      case Ast.Ref(var name, _, _) ->
          switch (workspace.declaration(name.text()).orElse(null)) {
            case Ast.DimDef def when def.value() instanceof Ast.IntLiteral(var value, _, _) ->
                Poly.of(value);
            case Ast.EnumDim members -> Poly.of(members.members().size());
            case null, default -> Poly.dim(name.text());
          };
      default -> {
        var name = "D" + fresh.size();
        fresh.add(name);
        yield Poly.dim(name);
      }
    };
  }
}
