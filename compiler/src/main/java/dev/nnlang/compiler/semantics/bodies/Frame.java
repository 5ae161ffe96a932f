package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Axis;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.names.ScalarFunctions;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Unit;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.semantics.problem.Uses;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One body while it gets its meaning: its names, its facts, the instances made in it. A frame
 * belongs to one instantiation and is thrown away with it.
 */
public final class Frame {
  private final Engine engine;
  private final Unit unit;
  private final Where where;
  private final String name;
  private final Mode mode;
  private final Optional<Symbol> symbol;
  private final Optional<Frame> caller;
  private final Span at;
  private final Map<String, Entity> names = new LinkedHashMap<>();
  private final Map<String, Integer> axisNames = new HashMap<>();
  private final Map<Ast, String> paths = new IdentityHashMap<>();
  private final Map<Ast, Entity.Shared> anonymous = new IdentityHashMap<>();
  private final Set<String> open = new HashSet<>();
  private List<Optional<Given>> given = List.of();
  private final Map<Variable, Typed.Statement> definitions = new IdentityHashMap<>();
  private Facts facts = Facts.NONE;
  private boolean seesBatch;
  private Optional<SampleBounds> sampleBounds = Optional.empty();
  private Optional<Parameters> parameters = Optional.empty();
  private Optional<Schedules> schedules = Optional.empty();

  /**
   * @param symbol the declaration whose body it is; absent for {@code data}, {@code train} and
   *     files
   * @param caller the frame that uses it; absent where it is checked on its own
   * @param at the use, or the declaration's name
   */
  public Frame(
      Engine engine,
      Unit unit,
      Where where,
      String name,
      Mode mode,
      Optional<Symbol> symbol,
      Optional<Frame> caller,
      Span at) {
    this.engine = engine;
    this.unit = unit;
    this.where = where;
    this.name = name;
    this.mode = mode;
    this.symbol = symbol;
    this.caller = caller;
    this.at = at;
  }

  public Engine engine() {
    return engine;
  }

  public Unit unit() {
    return unit;
  }

  Where where() {
    return where;
  }

  String name() {
    return name;
  }

  Mode mode() {
    return mode;
  }

  Optional<Symbol> symbol() {
    return symbol;
  }

  Span at() {
    return at;
  }

  Optional<Frame> caller() {
    return caller;
  }

  boolean isNested() {
    return caller.isPresent();
  }

  /** How many frames stand around it. */
  int depth() {
    return caller.map(c -> c.depth() + 1).orElse(0);
  }

  /** What a use gives to an input, in the frame of the use. */
  record Given(Typed.Expr value, Frame from) {
    Span at() {
      return value.span();
    }

    /** Whether it may differ from example to example. */
    boolean mayDiffer() {
      return Examples.mayDiffer(value, from);
    }
  }

  /** The arguments of the use, in the order of the inputs. */
  void given(List<Optional<Given>> arguments) {
    given = List.copyOf(arguments);
  }

  Optional<Span> given(int input) {
    return input < given.size() ? given.get(input).map(Given::at) : Optional.empty();
  }

  /** Whether an input may differ from example to example. */
  boolean mayDiffer(Variable input) {
    int at = position(input);
    return at < 0 || at >= given.size() || given.get(at).map(Given::mayDiffer).orElse(false);
  }

  /** What the use gives to an input; empty where nothing is known of it. */
  Optional<Typed.Expr> argument(Variable input) {
    int at = position(input);
    return at < 0 || at >= given.size() ? Optional.empty() : given.get(at).map(Given::value);
  }

  private int position(Variable input) {
    var inputs = symbol.flatMap(Symbol::function).stream().flatMap(f -> f.inputs().stream());
    return inputs.map(p -> p.name().text()).toList().indexOf(input.name());
  }

  /** The statement that defines a local, once it has its meaning; null before. */
  Typed.Statement definition(Variable local) {
    return definitions.get(local);
  }

  void defined(Typed.Statement statement) {
    switch (statement) {
      case Typed.Define d -> definitions.put(d.target(), d);
      case Typed.DefineAll d ->
          d.targets().forEach(t -> t.ifPresent(local -> definitions.put(local, d)));
    }
  }

  // Names.

  public Map<String, Entity> names() {
    return names;
  }

  public Entity find(String wanted) {
    return names.get(wanted);
  }

  /**
   * A name that nothing has. The names of bodies are walked before anything is typed; those of
   * plans, and of config that comes from outside, are not, as what they may name is known only
   * here.
   */
  void unknown(Ast.Name wanted) {
    if (where == Where.PLAN) {
      var known = new ArrayList<>(names.keySet());
      known.addAll(unit.names());
      known.addAll(ScalarFunctions.names());
      report(
          new NameProblem.UnknownName(
              wanted.span(), wanted.text(), NearNames.near(wanted.text(), known)));
    }
  }

  public void declare(String newName, Entity entity) {
    names.putIfAbsent(newName, entity);
  }

  /** Dimensions that stay open: only the run knows them (LR-26). */
  Set<String> open() {
    return open;
  }

  boolean seesBatch() {
    return seesBatch;
  }

  void seeBatch() {
    seesBatch = true;
  }

  // Facts.

  Facts facts() {
    return facts;
  }

  void assume(Facts more) {
    facts = facts.and(more);
  }

  /** Whether dimensions are symbols, so that what is not decided is left to the uses (LR-15). */
  boolean isGeneric() {
    return engine.isGeneric();
  }

  // Indices.

  /** A new index of this body; a second {@code i} is {@code i#2}. */
  public Axis axis(String indexName, Dimension range) {
    int count = axisNames.merge(indexName, 1, Integer::sum);
    var unique = count == 1 ? indexName : indexName + "#" + count;
    return new Axis(new Atom.Index(unique), range);
  }

  /** One new index for each dimension of a run. */
  List<Axis> axes(String runName, List<Dimension> ranges) {
    var axes = new ArrayList<Axis>();
    ranges.forEach(range -> axes.add(axis(runName, range)));
    return List.copyOf(axes);
  }

  // Data and plans.

  /** Of a {@code sample}: what its reads say of its index. */
  Optional<SampleBounds> sampleBounds() {
    return sampleBounds;
  }

  public void boundBy(SampleBounds bounds) {
    sampleBounds = Optional.of(bounds);
  }

  /** Of a {@code train}: what {@code params} stands for. */
  public Optional<Parameters> parameters() {
    return parameters;
  }

  public void train(Parameters trained) {
    parameters = Optional.of(trained);
  }

  /** In the {@code optimizer} of a {@code train}: the schedules there that learn. */
  public Optional<Schedules> schedules() {
    return schedules;
  }

  public void learn(Schedules here) {
    schedules = Optional.of(here);
  }

  // Instances.

  Map<Ast, String> paths() {
    return paths;
  }

  Entity.Shared anonymous(Ast use) {
    return anonymous.computeIfAbsent(use, u -> new Entity.Shared());
  }

  // Findings.

  /** Whether what is found here is about the text itself, and not about one use of it. */
  private boolean isOwn() {
    return caller.isEmpty() && !unit.isLibrary();
  }

  /** Notes the type of an expression; null, where it failed, is not noted. */
  public void found(Span at, Typed.Expr x) {
    if (x != null && isOwn()) {
      engine.findings().type(at, x.type());
    }
  }

  public void found(Typed.Variable variable) {
    if (isOwn()) {
      engine.findings().variable(variable);
    }
  }

  public void found(Typed.Statement statement) {
    if (isOwn()) {
      engine.findings().statement(statement);
    }
  }

  public void found(Typed.Call call) {
    if (isOwn()) {
      engine.findings().call(call);
    }
  }

  public void found(Ast.Declaration declaration, Typed.Body body) {
    if (body != null && isOwn()) {
      engine.findings().body(declaration, mode, body);
    }
  }

  // Problems.

  /** Says what is wrong here; in a declaration that is used, at the use in the user's file. */
  public void report(Problem problem) {
    var shown = problem;
    for (var frame = this; frame.caller.isPresent(); frame = frame.caller.get()) {
      if (frame.symbol.isPresent() && engine.isBroken(frame.symbol.get())) {
        return;
      }
      shown = new Uses(problem, frame.at, frame.name);
      if (!frame.caller.get().unit.isLibrary()) {
        break;
      }
    }
    engine.report(shown);
  }
}
