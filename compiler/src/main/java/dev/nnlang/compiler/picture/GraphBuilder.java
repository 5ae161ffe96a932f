package dev.nnlang.compiler.picture;

import dev.nnlang.compiler.picture.Graph.Edge;
import dev.nnlang.compiler.picture.Graph.Kind;
import dev.nnlang.compiler.picture.Graph.Node;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From a body to the graph of its layers. */
final class GraphBuilder {
  private static final int LONGEST_TITLE = 38;
  private static final int LONGEST_LINE = 64;
  private static final int MOST_LINES = 8;

  /** How many layers deep a picture opens what a model is made of. */
  private static final int DEEPEST = 3;

  private final Typed.Body body;
  private final String prefix;
  private final String path;
  private final int depth;
  private final SourceFile home;
  private final Kernels kernels;
  private final Picture.Level level;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<Edge> edges = new LinkedHashSet<>();
  private final Map<Typed.Variable, String> sources = new IdentityHashMap<>();
  private final Map<Typed.Call, String> calls = new IdentityHashMap<>();
  private final Map<Typed.Variable, Typed.Statement> definitions = new IdentityHashMap<>();

  /**
   * @param home the file that the picture is of: its boxes lead there
   */
  private GraphBuilder(
      Typed.Body body,
      String prefix,
      String path,
      int depth,
      SourceFile home,
      Picture.Level level,
      Kernels kernels) {
    this.body = body;
    this.prefix = prefix;
    this.path = path;
    this.depth = depth;
    this.home = home;
    this.level = level;
    this.kernels = kernels;
  }

  static Graph of(Typed.Body body, Picture.Level level, Kernels kernels) {
    return new GraphBuilder(body, "", "", 0, body.span().file(), level, kernels).graph();
  }

  private Graph graph() {
    for (var statement : body.statements()) {
      switch (statement) {
        case Typed.Define d when !d.primed() -> definitions.put(d.target(), d);
        case Typed.Define _ -> {}
        case Typed.DefineAll d -> d.targets().forEach(t -> t.ifPresent(v -> definitions.put(v, d)));
      }
    }
    for (var input : body.inputs()) {
      var id = prefix + "in-" + input.name();
      nodes.add(
          new Node(
              id,
              Kind.INPUT,
              input.name() + Shapes.text(input.type()),
              List.of(),
              Optional.empty(),
              here(input.span())));
      sources.put(input, id);
    }
    var ends = new ArrayList<Edge>();
    for (var output : body.outputs()) {
      var from = source(output);
      var id = prefix + "out-" + output.name();
      nodes.add(
          new Node(
              id,
              Kind.OUTPUT,
              output.name() + Shapes.text(output.type()),
              List.of(),
              Optional.empty(),
              here(output.span())));
      from.ifPresent(f -> ends.add(new Edge(f, id, "")));
    }
    edges.addAll(ends);
    return new Graph(nodes, List.copyOf(edges));
  }

  private Optional<Span> here(Span span) {
    return span.file() == home ? Optional.of(span) : Optional.empty();
  }

  // Where values come from.

  /** The node that gives a variable; empty for what a body owns itself. */
  private Optional<String> source(Typed.Variable variable) {
    var known = sources.get(variable);
    if (known != null) {
      return known.isEmpty() ? Optional.empty() : Optional.of(known);
    }
    // A recurrence reads itself: it has an edge to nothing new.
    sources.put(variable, "");
    var id =
        switch (definitions.get(variable)) {
          case Typed.Define d -> value(d.value(), d);
          case Typed.DefineAll d -> Optional.of(call(d.call(), d));
          case null -> Optional.<String>empty();
        };
    id.ifPresent(i -> sources.put(variable, i));
    return id;
  }

  private Optional<String> value(Typed.Expr x, Typed.Define d) {
    return switch (x) {
      case Typed.Result r when d.left().stream().allMatch(Optional::isEmpty) || isOneCall(d) ->
          Optional.of(call(r.call(), d));
      case Typed.Whole w when !w.primed() -> source(w.variable());
      default -> Optional.of(equation(d));
    };
  }

  /** {@code seen[t, :] = eye(clip[t, :, :, :])}: one call for each place. */
  private static boolean isOneCall(Typed.Define d) {
    return d.value() instanceof Typed.Result r
        && r.call().arguments().stream()
            .allMatch(
                a ->
                    a instanceof Typed.Access(Typed.Whole _, _, _, _, _, _)
                        || a instanceof Typed.Whole);
  }

  private String equation(Typed.Define d) {
    var id = prefix + "eq-" + d.target().name();
    var inputs = new LinkedHashSet<String>();
    var nested = new ArrayList<Typed.Call>();
    outermost(d.value(), nested);
    nested.forEach(c -> inputs.add(call(c, d)));
    direct(d.value()).forEach(v -> source(v).ifPresent(inputs::add));
    inputs.remove(id);
    var details = new ArrayList<String>();
    // What the layers in it cost stands in their own boxes.
    details.add(figures(d.target().type(), nested.isEmpty() ? Costs.of(d) : Costs.NONE));
    if (level == Picture.Level.KERNELS) {
      details.addAll(kernels.lines(path + d.target().name()));
    }
    nodes.add(
        new Node(
            id,
            Kind.EQUATION,
            cut(nested.isEmpty() ? plain(d.span().text()) : opening(d), LONGEST_TITLE + 14),
            details,
            Optional.empty(),
            here(d.span())));
    inputs.forEach(from -> edges.add(new Edge(from, id, "")));
    return id;
  }

  /** {@code u = x + (…)}: the layers in it have boxes of their own. */
  private static String opening(Typed.Define d) {
    var text = plain(d.span().text());
    int bracket = text.indexOf('(');
    return bracket < 0 ? text : text.substring(0, bracket) + "(…)";
  }

  /** The calls of layers and of functions of tensors; those of numbers belong to the equation. */
  private static void outermost(Typed.Expr x, List<Typed.Call> into) {
    if (x instanceof Typed.Result r && isDrawn(r.call())) {
      into.add(r.call());
      return;
    }
    TypedWalk.parts(x).forEach(p -> outermost(p, into));
  }

  private static boolean isDrawn(Typed.Call call) {
    var called = call.instance().body();
    return called.kind() == Ast.Kind.LAYER || called.kind() == Ast.Kind.MODEL;
  }

  /** What an equation reads itself, not through a call that is drawn. */
  private static Set<Typed.Variable> direct(Typed.Expr x) {
    var found = new LinkedHashSet<Typed.Variable>();
    var open = new ArrayList<>(List.of(x));
    while (!open.isEmpty()) {
      var next = open.removeLast();
      switch (next) {
        case Typed.Whole w -> found.add(w.variable());
        case Typed.Result r when isDrawn(r.call()) -> {}
        default -> open.addAll(TypedWalk.parts(next));
      }
    }
    return found;
  }

  private String call(Typed.Call call, Typed.Statement statement) {
    var known = calls.get(call);
    if (known != null) {
      return known;
    }
    var inputs = new ArrayList<String>();
    for (var argument : call.arguments()) {
      argument(argument, statement).ifPresent(inputs::add);
    }
    var id = prefix + "n" + nodes.size();
    calls.put(call, id);
    var instance = call.instance();
    var called = instance.body();
    var costs = Costs.of(call);
    boolean isLayer = called.kind() == Ast.Kind.LAYER || called.kind() == Ast.Kind.MODEL;
    var title = cut(title(call), LONGEST_TITLE);
    if (instance.repeated()) {
      title += "  × " + instance.copies();
    }
    var details = new ArrayList<String>();
    details.add(figures(result(call), costs));
    details.addAll(lines(call));
    nodes.add(
        new Node(
            id,
            isLayer ? Kind.LAYER : Kind.FUNCTION,
            title,
            details,
            inside(call, id),
            here(call.span())));
    inputs.forEach(from -> edges.add(new Edge(from, id, "")));
    return id;
  }

  private Optional<String> argument(Typed.Expr x, Typed.Statement statement) {
    return switch (x) {
      case Typed.Result r -> Optional.of(call(r.call(), statement));
      case Typed.Whole w -> source(w.variable());
      case Typed.Access a -> argument(a.target(), statement);
      case Typed.Reshape r -> argument(r.x(), statement);
      case Typed.Cast c -> argument(c.x(), statement);
      case Typed.StopGradient s -> argument(s.x(), statement);
      case Typed.Real _, Typed.Bool _, Typed.Position _ -> Optional.empty();
      default -> Optional.of(operation(x, statement));
    };
  }

  /** A value that is computed on the way, such as the sum before an activation. */
  private String operation(Typed.Expr x, Typed.Statement statement) {
    var inputs = new LinkedHashSet<String>();
    var nested = new ArrayList<Typed.Call>();
    outermost(x, nested);
    nested.forEach(c -> inputs.add(call(c, statement)));
    direct(x).forEach(v -> source(v).ifPresent(inputs::add));
    var id = prefix + "op" + nodes.size();
    nodes.add(
        new Node(
            id,
            Kind.EQUATION,
            cut(plain(x.span().text()), LONGEST_TITLE),
            List.of(Shapes.text(x.type())),
            Optional.empty(),
            here(x.span())));
    inputs.forEach(from -> edges.add(new Edge(from, id, "")));
    return id;
  }

  private static Typed.Type result(Typed.Call call) {
    var own = call.instance().body().outputs().getFirst().type();
    var shape = new ArrayList<>(call.mapped());
    own.shape().stream().filter(d -> !d.isBatch()).forEach(shape::add);
    return new Typed.Type(own.element(), shape);
  }

  /** As it is written; a named instance by its own name and what it is. */
  private static String title(Typed.Call call) {
    var written = plain(call.span().text());
    var name = call.instance().body().name();
    int bracket = written.indexOf('(');
    var head = bracket < 0 ? written : written.substring(0, bracket);
    if (call.instance().repeated()) {
      int inner = written.indexOf(name);
      return inner < 0 ? name : balanced(written.substring(inner));
    }
    return head.endsWith(name) ? oneList(written) : head + " : " + name;
  }

  /** {@code Dense(10)(x)} without its inputs. */
  private static String oneList(String written) {
    int close = written.indexOf(")(");
    return close < 0 ? written : written.substring(0, close + 1);
  }

  /** Up to the bracket that closes the first one. */
  private static String balanced(String text) {
    int open = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(') {
        open++;
      } else if (c == ')') {
        open--;
        if (open <= 0) {
          return open == 0 ? text.substring(0, i + 1) : text.substring(0, i);
        }
      }
    }
    return text;
  }

  private static String figures(Typed.Type type, Costs costs) {
    var shape = Shapes.text(type);
    var text = new StringBuilder(shape.isEmpty() ? "scalar" : shape);
    if (!costs.parameters().is(0)) {
      text.append(" · ").append(Costs.count(costs.parameters())).append(" parameters");
    }
    if (!costs.operations().is(0) && costs.operations().isConstant()) {
      text.append(" · ").append(Costs.count(costs.operations())).append(" FLOPs");
    }
    return text.toString();
  }

  // What it is made of.

  private List<String> lines(Typed.Call call) {
    var lines =
        switch (level) {
          case LAYERS -> List.<String>of();
          case EQUATIONS ->
              isOpened(call)
                  ? List.<String>of()
                  : call.instance().body().statements().stream()
                      .map(s -> cut(plain(s.span().text()), LONGEST_LINE))
                      .toList();
          case KERNELS ->
              isOpened(call) ? List.<String>of() : kernels.lines(path + kernels.name(body, call));
        };
    if (lines.size() <= MOST_LINES) {
      return lines;
    }
    var cut = new ArrayList<>(lines.subList(0, MOST_LINES));
    cut.add("… " + (lines.size() - MOST_LINES) + " more");
    return cut;
  }

  /** The user's own layers are opened, those of the library are known. */
  private boolean isOpened(Typed.Call call) {
    var called = call.instance().body();
    return depth < DEEPEST
        && called.span().file() == home
        && called.statements().stream().anyMatch(s -> hasLayers(s));
  }

  private static boolean hasLayers(Typed.Statement statement) {
    return switch (statement) {
      case Typed.Define d -> TypedWalk.calls(d.value()).stream().anyMatch(GraphBuilder::isDrawn);
      case Typed.DefineAll _ -> true;
    };
  }

  private Optional<Graph> inside(Typed.Call call, String id) {
    if (!isOpened(call)) {
      return Optional.empty();
    }
    var own = call.instance().repeated() ? call.instance().path() + "/0" : call.instance().path();
    return Optional.of(
        new GraphBuilder(
                call.instance().body(), id + "-", path + own + "/", depth + 1, home, level, kernels)
            .graph());
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
