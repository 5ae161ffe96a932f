package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One use of a body: what its variables are here. Variables are worked out when asked for. */
final class Frame {
  /**
   * How a body is used.
   *
   * @param path of the instance, the front part of its parameters' paths; empty for the outermost
   * @param leads what the use stands for, examples first (see the package's page)
   * @param examples how many of the leads number examples
   * @param conditions under which the use is evaluated at all, over the leads
   * @param fan what {@code fan_in} and {@code fan_out} are, where the body may ask
   * @param site the line of the user's program that leads here
   */
  record Use(
      String path,
      Order order,
      List<Axis> leads,
      int examples,
      List<Node> conditions,
      Optional<Fan> fan,
      Optional<Span> site) {
    static Use plain(String path, Order order) {
      return new Use(path, order, List.of(), 0, List.of(), Optional.empty(), Optional.empty());
    }

    Use over(List<Axis> batch) {
      return new Use(path, order, batch, batch.size(), conditions, fan, site);
    }

    Use with(Fan known) {
      return new Use(path, order, leads, examples, conditions, Optional.of(known), site);
    }

    Use from(Span place) {
      return new Use(path, order, leads, examples, conditions, fan, Optional.of(place));
    }
  }

  /** Elements of a parameter summed over, and results that an input meets (LR-33). */
  record Fan(long in, long out) {}

  private static final Poly BATCH = Typed.Dimension.batch().size();

  private final Assembly assembly;
  private final Context context;
  private final Typed.Body body;
  private final Use use;
  private final Places places;
  private final Registry registry;
  private final Definitions definitions;
  private final Map<Typed.Variable, Value> values = new IdentityHashMap<>();
  private final Map<Typed.Variable, Value> next = new IdentityHashMap<>();
  private final Map<Typed.Variable, Tensor> before = new IdentityHashMap<>();
  private final Map<Typed.Call, List<Value>> results = new IdentityHashMap<>();
  private final Map<Atom.Index, Node> data = new HashMap<>();

  Frame(Assembly assembly, Context context, Registry registry, Typed.Body body, Use use) {
    this.assembly = assembly;
    this.context = context;
    this.registry = registry;
    registry.add(body, use.path(), use.site());
    this.body = body;
    this.use = use;
    this.places = Places.of(body);
    this.definitions = new Definitions(this);
  }

  Frame inner(Typed.Body called, Use of) {
    return new Frame(assembly, context, registry, called, of);
  }

  Assembly assembly() {
    return assembly;
  }

  Context context() {
    return context;
  }

  Typed.Body body() {
    return body;
  }

  Use use() {
    return use;
  }

  Places places() {
    return places;
  }

  Registry registry() {
    return registry;
  }

  boolean isExample(Atom.Index index) {
    return use.leads().stream().limit(use.examples()).anyMatch(a -> a.index().equals(index));
  }

  /** {@code path/name}; the outermost path is empty. */
  String path(String name) {
    return join(use.path(), name);
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : name.isEmpty() ? path : path + "/" + name;
  }

  Scope scope() {
    return new Scope(this, use.leads(), Map.of(), data, use.conditions(), null, Optional.empty());
  }

  // Sizes.

  /** A size here, where the batch is all leads. */
  Poly size(Poly poly) {
    return poly.substitute(
        atom -> Poly.of(atom).equals(BATCH) ? Poly.product(leadExtents()) : null);
  }

  List<Poly> leadExtents() {
    return use.leads().stream().map(Axis::extent).toList();
  }

  List<Poly> extents(Typed.Dimension dimension) {
    return dimension.isBatch() ? leadExtents() : List.of(size(dimension.size()));
  }

  List<Poly> extents(List<Typed.Dimension> shape) {
    return shape.stream().flatMap(d -> extents(d).stream()).toList();
  }

  static Type type(Typed.Element element) {
    return switch (element) {
      case Typed.Element.Real _ -> Type.REAL;
      case Typed.Element.Int _, Typed.Element.IndexOf _ -> Type.INT;
      case Typed.Element.Bool _ -> Type.BOOL;
    };
  }

  // Variables.

  void bind(Typed.Variable variable, Value value) {
    values.put(variable, value);
  }

  /** Makes a typed index stand for a number from the data. */
  void bind(Atom.Index index, Node number) {
    data.put(index, number);
  }

  /** Gives the variable a tensor of its own, be it a mere copy. */
  void keep(Typed.Variable variable) {
    definitions.keep(variable);
  }

  Value value(Typed.Variable variable) {
    var known = values.get(variable);
    if (known == null) {
      if (definitions.defines(variable)) {
        definitions.work(variable);
      } else {
        values.put(variable, given(variable));
      }
      known = values.get(variable);
    }
    return known;
  }

  private Value given(Typed.Variable variable) {
    return switch (variable.role()) {
      case PARAM -> owned(variable, Program.Role.PARAMETER);
      case FROZEN -> owned(variable, Program.Role.FROZEN);
      case STATE -> owned(variable, stateRole());
      case INPUT, LOCAL, SOURCE, FIT ->
          throw new CompilerBug("nothing gives " + path(variable.name()));
    };
  }

  private Program.Role stateRole() {
    return switch (body.kind()) {
      case OPTIMIZER, SCHEDULE -> Program.Role.OPTIMIZER;
      case FN, ACTIVATION, LAYER, MODEL, LOSS, METRIC, INIT -> Program.Role.STATE;
    };
  }

  private Value owned(Typed.Variable variable, Program.Role role) {
    return whole(ownedTensor(variable, role), List.of());
  }

  private Tensor ownedTensor(Typed.Variable variable, Program.Role role) {
    return assembly.input(
        path(variable.name()),
        type(variable.type().element()),
        extents(variable.type().shape()),
        role);
  }

  /** A tensor that has these leads in front, as a value. */
  Value whole(Tensor tensor, List<Axis> leads) {
    var nodes = assembly.nodes;
    var front = leads.stream().map(nodes::index).toList();
    return new Value(
        tensor.type(),
        tensor.shape().subList(leads.size(), tensor.rank()),
        subscripts -> {
          var all = new ArrayList<>(front);
          all.addAll(subscripts);
          return nodes.read(tensor, all);
        });
  }

  /** {@code s'}: the value that the body gives the state, or the state where it gives none. */
  Value next(Typed.Variable variable) {
    var known = next.get(variable);
    if (known != null) {
      return known;
    }
    if (!definitions.definesNext(variable)) {
      return value(variable);
    }
    var made = definitions.workNext(variable);
    next.put(variable, made);
    return made;
  }

  /** The state as an equation of {@code s'} sees it: after the uses before this one (LR-18). */
  Value before(Typed.Variable variable) {
    boolean chained = body.kind() == Ast.Kind.LAYER || body.kind() == Ast.Kind.MODEL;
    if (!chained || !definitions.definesNext(variable)) {
      return value(variable);
    }
    var tensor =
        before.computeIfAbsent(
            variable,
            v -> {
              var state = ownedTensor(v, stateRole());
              return assembly.tensor(path(v.name()) + "_before", state.type(), axes(state.shape()));
            });
    return whole(tensor, List.of());
  }

  private List<Axis> axes(List<Poly> shape) {
    return assembly.axes(shape, Set.of());
  }

  /** Works out every statement in the order of the source, and the next value of every state. */
  void workAll() {
    for (var statement : body.statements()) {
      for (var target : Parts.targets(statement)) {
        if (!(statement instanceof Typed.Define d && d.primed())) {
          value(target);
        }
      }
    }
    workStates();
  }

  void workStates() {
    for (var owned : body.owned()) {
      var state = owned.variable();
      if (state.role() != Typed.Role.STATE || !definitions.definesNext(state)) {
        continue;
      }
      var tensor = ownedTensor(state, stateRole());
      var axes = assembly.axes(tensor.shape(), new HashSet<>());
      var value = next(state).at(axes.stream().map(assembly.nodes::index).toList());
      var made =
          assembly.whole(
              path(state.name()) + "'",
              axes,
              value,
              use.order(),
              definitions.origin(state, "next value"));
      registry.states().add(tensor, use.order(), Optional.ofNullable(before.get(state)), made);
    }
  }

  List<Value> results(Typed.Call call, Scope scope) {
    var known = results.get(call);
    if (known == null) {
      known = new Calls(scope).results(call);
      results.put(call, known);
    }
    return known;
  }
}
