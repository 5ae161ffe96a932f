package dev.nnlang.compiler.differentiate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Conditions;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program.Derivative;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One backward sweep: the adjoint equations of everything between one tensor and those by which it
 * is derived. They are written tensor by tensor, in no need of an order of evaluation, so that the
 * adjoint of a recurrence is simply a recurrence that runs the other way.
 */
final class Adjoints {
  private final Terms terms;
  private final Nodes nodes;
  private final Map<Tensor, Equation> definitions;
  private final Set<String> names;
  private final Tensor of;
  private final List<Derivative> derivatives;

  /** Those by each tensor. */
  private final Map<Tensor, List<Derivative>> asked = new HashMap<>();

  /** What {@link #reads} has found. */
  private final Map<Tensor, Set<Tensor>> read = new HashMap<>();

  /** The active tensors that read each. */
  private final Map<Tensor, List<Tensor>> users = new HashMap<>();

  private final Rules.Purpose purpose;

  private final Set<Tensor> active = new LinkedHashSet<>();
  private final Map<Tensor, Tensor> adjoint = new LinkedHashMap<>();
  private final List<Equation> made = new ArrayList<>();

  /** The axes of the examples that stand in front of adjoints of tensors which lack them. */
  private final List<Axis> examples;

  private final Set<Tensor> carrying = new HashSet<>();

  private record Use(Equation reader, Node read, Node adjoint, List<Node> guards) {}

  private final Map<Tensor, List<Use>> uses = new HashMap<>();

  private Adjoints(
      Nodes nodes,
      Map<Tensor, Equation> definitions,
      Set<String> names,
      Tensor of,
      List<Derivative> derivatives,
      Rules.Purpose purpose) {
    this.terms = new Terms(nodes);
    this.nodes = nodes;
    this.definitions = definitions;
    this.names = names;
    this.of = of;
    this.derivatives = derivatives;
    derivatives.forEach(d -> asked.computeIfAbsent(d.by(), _ -> new ArrayList<>()).add(d));
    this.purpose = purpose;
    this.examples =
        derivatives.stream().anyMatch(d -> d.result().rank() != d.by().rank())
            ? axesOf(of)
            : List.of();
  }

  /**
   * The equations that define the results of {@code derivatives}, all of the same {@code of}.
   *
   * @param names of all tensors; those of the new ones are added
   */
  static List<Equation> of(
      Nodes nodes,
      Map<Tensor, Equation> definitions,
      Set<String> names,
      Tensor of,
      List<Derivative> derivatives,
      Rules.Purpose purpose) {
    return new Adjoints(nodes, definitions, names, of, derivatives, purpose).sweep();
  }

  private List<Equation> sweep() {
    var order = activate();
    for (var user : active) {
      reads(user).forEach(t -> users.computeIfAbsent(t, _ -> new ArrayList<>()).add(user));
    }
    order.forEach(this::findCarrying);
    nameAdjoints(order);
    for (var tensor : order) {
      differentiate(tensor);
    }
    order.forEach(this::emit);
    for (var derivative : derivatives) {
      var source = adjoint.get(derivative.by());
      if (derivative.result().equals(source)) {
        continue;
      }
      var axes = resultAxes(derivative);
      var value = source == null ? terms.zero() : nodes.readAt(source, axes);
      made.add(new Equation(derivative.result(), axes, value, derivative.origin()));
    }
    return made;
  }

  // Activity.

  /** What lies between, users first. */
  private List<Tensor> activate() {
    var order = new ArrayList<Tensor>();
    var seen = new HashSet<Tensor>();
    // Depth first without recursion: networks may be thousands of equations deep.
    var open = new ArrayList<Tensor>();
    open.add(of);
    var finished = new HashSet<Tensor>();
    while (!open.isEmpty()) {
      var tensor = open.getLast();
      if (seen.add(tensor)) {
        reads(tensor).stream().filter(r -> !seen.contains(r)).forEach(open::add);
        continue;
      }
      open.removeLast();
      if (finished.add(tensor)) {
        order.add(tensor);
      }
    }
    for (var derivative : derivatives) {
      if (seen.contains(derivative.by())) {
        active.add(derivative.by());
      }
    }
    // Recurrences read what comes later in any order, hence the repetition.
    boolean grown = true;
    while (grown) {
      grown = false;
      for (var tensor : order) {
        if (!active.contains(tensor) && reads(tensor).stream().anyMatch(active::contains)) {
          active.add(tensor);
          grown = true;
        }
      }
    }
    return order.reversed().stream().filter(active::contains).toList();
  }

  /** The tensors that a tensor depends on differentiably. */
  private Set<Tensor> reads(Tensor tensor) {
    return read.computeIfAbsent(tensor, this::readBy);
  }

  private Set<Tensor> readBy(Tensor tensor) {
    var equation = definitions.get(tensor);
    var found = new LinkedHashSet<Tensor>();
    if (equation != null && tensor.type() == Type.REAL) {
      for (var read : Backward.reads(equation.body())) {
        found.add(((Expr.Read) read.expr()).tensor());
      }
    }
    return found;
  }

  /**
   * A tensor carries the examples if every user reads it at the user's own example; the adjoint of
   * any other gets the examples in front (LR-91).
   */
  private void findCarrying(Tensor tensor) {
    if (examples.isEmpty()) {
      return;
    }
    if (tensor.equals(of)) {
      carrying.add(of);
      return;
    }
    boolean carries =
        tensor.rank() >= examples.size()
            && tensor
                .shape()
                .subList(0, examples.size())
                .equals(examples.stream().map(Axis::extent).toList());
    for (var user : users.getOrDefault(tensor, List.of())) {
      if (!carries) {
        break;
      }
      var equation = definitions.get(user);
      for (var read : Backward.reads(equation.body())) {
        var r = (Expr.Read) read.expr();
        if (r.tensor().equals(tensor)) {
          for (int j = 0; j < examples.size(); j++) {
            boolean same =
                equation.axes().size() > j
                    && r.subscripts().get(j) == nodes.index(equation.axes().get(j));
            carries &= same && (carrying.contains(user) || user.equals(tensor));
          }
        }
      }
    }
    if (carries) {
      carrying.add(tensor);
    }
  }

  private boolean leads(Tensor tensor) {
    return !examples.isEmpty() && !carrying.contains(tensor);
  }

  // Names and axes.

  private void nameAdjoints(List<Tensor> order) {
    for (var tensor : order) {
      var shape = new ArrayList<Poly>();
      if (leads(tensor)) {
        examples.forEach(e -> shape.add(e.extent()));
      }
      shape.addAll(tensor.shape());
      var result =
          asked.getOrDefault(tensor, List.of()).stream()
              .filter(d -> d.result().shape().equals(shape))
              .map(Derivative::result)
              .findFirst();
      adjoint.put(
          tensor,
          result.orElseGet(() -> new Tensor(fresh("d_" + tensor.name()), Type.REAL, shape)));
    }
  }

  /** A wish with a number, as for a derivative of a derivative, gets one of its own. */
  private String fresh(String wish) {
    var name = wish.indexOf('#') < 0 ? wish : nodes.fresh(wish);
    while (!names.add(name)) {
      name = nodes.fresh(wish);
    }
    return name;
  }

  /** The name itself or the first of name1, name2, ... that is not taken. */
  static String apart(String name, Set<String> taken) {
    var free = name;
    for (int i = 1; taken.contains(free); i++) {
      free = name + i;
    }
    return free;
  }

  /** The axes by which a tensor's own equation calls its dimensions, or i1, i2, ... */
  private List<Axis> axesOf(Tensor tensor) {
    var equation = definitions.get(tensor);
    if (equation != null) {
      return equation.axes();
    }
    var axes = new ArrayList<Axis>();
    var taken = new HashSet<String>();
    for (int j = 0; j < tensor.rank(); j++) {
      var wish = usedName(tensor, j);
      var name = apart(wish, taken);
      taken.add(name);
      axes.add(Axis.of(name, tensor.shape().get(j)));
    }
    return axes;
  }

  /** What the first reader calls this dimension of an input. */
  private String usedName(Tensor tensor, int dimension) {
    for (var use : uses.getOrDefault(tensor, List.of())) {
      var subscript = ((Expr.Read) use.read().expr()).subscripts().get(dimension);
      if (subscript.expr() instanceof Expr.Index(var p)) {
        for (var variable : p.variables()) {
          if (variable instanceof Atom.Index(var name) && p.equals(Poly.index(name))) {
            return name;
          }
        }
      }
    }
    return initial(tensor.shape().get(dimension));
  }

  /** h for an extent H: what a reader would call it. */
  private static String initial(Poly extent) {
    if (extent.terms().size() == 1
        && extent.terms().firstKey().size() == 1
        && extent.terms().firstKey().getFirst() instanceof Atom.Dim(var name)
        && extent.equals(Poly.dim(name))
        && Character.isLetter(name.charAt(0))) {
      return name.substring(0, 1).toLowerCase(Locale.ROOT);
    }
    return "i";
  }

  private List<Axis> resultAxes(Derivative derivative) {
    var axes = new ArrayList<Axis>();
    var taken = new HashSet<String>();
    for (var extent : derivative.result().shape()) {
      var name = apart("i", taken);
      taken.add(name);
      axes.add(Axis.of(name, extent));
    }
    return axes;
  }

  // Adjoints.

  /** Sweeps the tensor's own equation backwards and notes what it gives to what it reads. */
  private void differentiate(Tensor tensor) {
    var equation = definitions.get(tensor);
    if (equation == null) {
      return;
    }
    var wanted = new HashSet<Node>();
    for (var read : Backward.reads(equation.body())) {
      if (active.contains(((Expr.Read) read.expr()).tensor())) {
        wanted.add(read);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    var dy =
        tensor.equals(of) && !readByActive(of)
            ? terms.real(1)
            : nodes.readAt(adjoint.get(tensor), adjointAxes(equation));
    var rule = new Rules(terms, this::fresh, purpose).of(equation, dy);
    made.addAll(rule.extra());
    var value =
        equation.reduction().isPresent() ? equation.body() : nodes.readAt(tensor, equation.axes());
    var guards = new ArrayList<Node>();
    equation.reduction().ifPresent(r -> guards.addAll(Conditions.conjuncts(r.guard())));
    guards.addAll(Conditions.conjuncts(rule.guard()));
    Backward.sweep(terms, equation.body(), value, rule.adjoint(), wanted::contains)
        .forEach(
            (read, a) ->
                uses.computeIfAbsent(((Expr.Read) read.expr()).tensor(), _ -> new ArrayList<>())
                    .add(new Use(equation, read, a, guards)));
  }

  private boolean readByActive(Tensor tensor) {
    return active.stream().anyMatch(a -> reads(a).contains(tensor));
  }

  /** The equation's axes behind those of the examples where its adjoint has them in front. */
  private List<Axis> adjointAxes(Equation equation) {
    return leads(equation.tensor()) ? joined(equation, equation.axes()) : equation.axes();
  }

  /** The examples, renamed so that no axis of the equation has their names, and then the axes. */
  private List<Axis> joined(Equation equation, List<Axis> axes) {
    var taken = Inversion.names(equation.axes());
    taken.addAll(Inversion.names(equation.reduced()));
    var all = new ArrayList<Axis>();
    for (var example : examples) {
      var name = apart(example.name(), taken);
      taken.add(name);
      all.add(Axis.of(name, example.extent()));
    }
    all.addAll(axes);
    return all;
  }

  /** Adds all contributions up. */
  private void emit(Tensor tensor) {
    boolean wanted = asked.containsKey(tensor);
    if (tensor.equals(of) && !wanted && !readByActive(of)) {
      return;
    }
    var target = new ArrayList<Axis>();
    var own = axesOf(tensor);
    if (leads(tensor)) {
      var taken = Inversion.names(own);
      for (var example : examples) {
        var name = apart(example.name(), taken);
        taken.add(name);
        target.add(Axis.of(name, example.extent()));
      }
    }
    target.addAll(own);
    var source = definitions.get(tensor);
    Node sum = tensor.equals(of) ? terms.real(1) : terms.zero();
    var sums = new ArrayList<Equation>();
    var why = "d " + of.name() + " / d " + tensor.name();
    var origin =
        source != null
            ? source.origin().because(why)
            : uses.getOrDefault(tensor, List.of()).stream()
                .findFirst()
                .map(u -> u.reader().origin().because(why))
                .orElse(Origin.synthetic(why));
    for (var use : uses.getOrDefault(tensor, List.of())) {
      var part = contribution(tensor, target, use, origin);
      sums.addAll(part.sums());
      sum = terms.add(sum, part.value());
    }
    var result = adjoint.get(tensor);
    if (sums.size() == 1
        && sums.getFirst().axes().equals(target)
        && sum == nodes.readAt(sums.getFirst().tensor(), target)) {
      var only = sums.getFirst();
      made.add(new Equation(result, only.axes(), only.reduction(), only.body(), origin));
      return;
    }
    made.addAll(sums);
    made.add(new Equation(result, target, sum, origin));
  }

  private Contribution.Part contribution(Tensor tensor, List<Axis> target, Use use, Origin origin) {
    var reader = use.reader();
    var taken = Inversion.names(target);
    var values = new LinkedHashMap<Atom, Poly>();
    var free = new ArrayList<Axis>();
    var before = new ArrayList<>(adjointAxes(reader));
    before.addAll(reader.reduced());
    var clash = new HashSet<>(taken);
    before.forEach(a -> taken.add(a.name()));
    for (var axis : before) {
      var renamed = axis;
      if (clash.contains(axis.name())) {
        renamed = Axis.of(apart(axis.name(), taken), axis.extent());
        taken.add(renamed.name());
        values.put(axis.index(), Poly.of(renamed.index()));
      }
      free.add(renamed);
    }
    var put = Rebuild.substitution(nodes, values);
    Function<String, Axis> fresh =
        wish -> {
          var name = apart(wish, taken);
          taken.add(name);
          return Axis.of(name, Poly.ONE);
        };
    var subscripts = new ArrayList<Node>();
    if (leads(tensor)) {
      // The example of the adjoint is that of the reader, whether in its axes or in front of them.
      free.subList(0, examples.size()).forEach(e -> subscripts.add(nodes.index(e)));
    }
    ((Expr.Read) use.read().expr()).subscripts().forEach(s -> subscripts.add(put.apply(s)));
    return new Contribution(
            terms,
            target,
            fresh,
            () -> nodes.fresh(adjoint.get(tensor).name()),
            () -> dependsOn(tensor, reader.tensor()),
            origin)
        .of(free, subscripts, put.apply(use.adjoint()), use.guards().stream().map(put).toList());
  }

  /** Whether computing {@code tensor} needs {@code other}. */
  private boolean dependsOn(Tensor tensor, Tensor other) {
    var seen = new HashSet<Tensor>();
    var open = new ArrayList<>(List.of(tensor));
    while (!open.isEmpty()) {
      var next = open.removeLast();
      if (next.equals(other)) {
        return true;
      }
      var equation = definitions.get(next);
      if (seen.add(next) && equation != null) {
        open.addAll(Rebuild.tensors(equation));
      }
    }
    return false;
  }
}
