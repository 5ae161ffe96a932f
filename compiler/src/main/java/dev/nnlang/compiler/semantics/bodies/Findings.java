package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What checking found out about places of the user's text, for editors: also where a body failed as
 * a whole, since most of it has a meaning nevertheless.
 *
 * <p>Of each declaration as it is checked by itself, not of its uses; where it is checked in
 * several ways (static branches, runs of dimensions) the first that reached a place counts. After
 * an edit most declarations are not checked again; what is asked of them is found when it is asked.
 */
public final class Findings {
  private final Map<Span, Typed.Type> types = new LinkedHashMap<>();
  private final Map<Span, Variable> variables = new LinkedHashMap<>();
  private final Map<Span, Typed.Call> calls = new LinkedHashMap<>();
  private final Map<Span, Typed.Statement> statements = new LinkedHashMap<>();
  private final Map<Ast.Declaration, Typed.Body> bodies = new IdentityHashMap<>();
  private final Map<Ast.Declaration, Typed.Body> inferences = new IdentityHashMap<>();
  private final Map<Ast.Declaration, Typed.Training> trainings = new IdentityHashMap<>();
  private final Map<SourceFile, NavigableMap<Integer, Symbol>> declarations =
      new IdentityHashMap<>();
  private final Set<Symbol> complete = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Consumer<Symbol> find;

  /**
   * @param find what looks at a declaration that was not looked at, and tells what it finds here
   */
  Findings(Workspace workspace, Consumer<Symbol> find) {
    this.find = find;
    for (var unit : workspace.units()) {
      var byStart = new TreeMap<Integer, Symbol>();
      unit.own().values().forEach(s -> byStart.put(s.declaration().span().start(), s));
      declarations.put(unit.file().span().file(), byStart);
    }
  }

  // What is not here yet.

  /** All is found that there is to find of these declarations. */
  public void complete(Set<Symbol> found) {
    complete.addAll(found);
  }

  /** Whether the declaration around a place was looked at, or has been asked about since. */
  public boolean isThere(Span at) {
    var symbol = around(at);
    return symbol.isEmpty() || complete.contains(symbol.get());
  }

  private Optional<Symbol> around(Span at) {
    var byStart = declarations.get(at.file());
    var entry = byStart == null ? null : byStart.floorEntry(at.start());
    return Optional.ofNullable(entry)
        .map(Map.Entry::getValue)
        .filter(symbol -> Symbol.holds(symbol, at));
  }

  /** Looks at the declaration around a place, if that was not done: it had not changed. */
  private void need(Span at) {
    var symbol = around(at);
    if (symbol.isPresent() && !complete.contains(symbol.get())) {
      find.accept(symbol.get());
    }
  }

  // What is found.

  public void type(Span at, Typed.Type type) {
    types.putIfAbsent(at, type);
  }

  public void variable(Variable variable) {
    variables.putIfAbsent(variable.span(), variable);
  }

  public void call(Typed.Call call) {
    calls.putIfAbsent(call.span(), call);
  }

  public void statement(Typed.Statement statement) {
    statements.putIfAbsent(statement.span(), statement);
  }

  public void body(Ast.Declaration declaration, Mode mode, Typed.Body body) {
    bodies.putIfAbsent(declaration, body);
    if (mode == Mode.INFERENCE) {
      inferences.putIfAbsent(declaration, body);
    }
  }

  public void training(Ast.Declaration declaration, Typed.Training training) {
    trainings.putIfAbsent(declaration, training);
  }

  /** The type of an expression or pipe stage, if it has one. */
  public Optional<Typed.Type> type(Span at) {
    need(at);
    return Optional.ofNullable(types.get(at));
  }

  /** A tensor by the place of the name that declares it. */
  public Optional<Variable> variable(Span at) {
    need(at);
    return Optional.ofNullable(variables.get(at));
  }

  /** A use of a declaration, by the characters that make the call. */
  public Optional<Typed.Call> call(Span at) {
    need(at);
    return Optional.ofNullable(calls.get(at));
  }

  /** The calls whose characters hold a place. */
  public List<Typed.Call> callsAround(Span place) {
    need(place);
    return calls.values().stream().filter(c -> holds(c, place)).toList();
  }

  /** The equations that have a meaning and whose characters hold a place. */
  public List<Typed.Statement> statementsAround(Span place) {
    need(place);
    return statements.values().stream().filter(s -> holds(s, place)).toList();
  }

  private static boolean holds(Typed typed, Span place) {
    var span = typed.span();
    return span.file() == place.file()
        && span.start() <= place.start()
        && place.end() <= span.end();
  }

  /** A declaration's body, sizes that the use decides as symbols; empty where it has errors. */
  public Optional<Typed.Body> body(Ast.Declaration declaration) {
    need(declaration.span());
    return Optional.ofNullable(bodies.get(declaration));
  }

  /** The same as a prediction computes it: another body where {@code training} is asked for. */
  public Optional<Typed.Body> inference(Ast.Declaration declaration) {
    var trained = body(declaration);
    return Optional.ofNullable(inferences.get(declaration)).or(() -> trained);
  }

  /** A plan; empty where it has errors. */
  public Optional<Typed.Training> training(Ast.Declaration declaration) {
    need(declaration.span());
    return Optional.ofNullable(trainings.get(declaration));
  }
}
