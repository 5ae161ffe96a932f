package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What checking found out about places of the user's text, for editors: also where a body failed as
 * a whole, since most of it has a meaning nevertheless.
 *
 * <p>Of each declaration as it is checked by itself, not of its uses; where it is checked in
 * several ways (static branches, runs of dimensions) the first that reached a place counts.
 */
public final class Findings {
  private final Map<Span, Typed.Type> types = new LinkedHashMap<>();
  private final Map<Span, Variable> variables = new LinkedHashMap<>();
  private final Map<Span, Typed.Call> calls = new LinkedHashMap<>();
  private final Map<Span, Typed.Statement> statements = new LinkedHashMap<>();
  private final Map<Ast.Declaration, Typed.Body> bodies = new IdentityHashMap<>();
  private final Map<Ast.Declaration, Typed.Training> trainings = new IdentityHashMap<>();

  Findings() {}

  void type(Span at, Typed.Type type) {
    types.putIfAbsent(at, type);
  }

  void variable(Variable variable) {
    variables.putIfAbsent(variable.span(), variable);
  }

  void call(Typed.Call call) {
    calls.putIfAbsent(call.span(), call);
  }

  void statement(Typed.Statement statement) {
    statements.putIfAbsent(statement.span(), statement);
  }

  void body(Ast.Declaration declaration, Typed.Body body) {
    bodies.putIfAbsent(declaration, body);
  }

  void training(Ast.Declaration declaration, Typed.Training training) {
    trainings.putIfAbsent(declaration, training);
  }

  /** The type of each expression and pipe stage that has one. */
  public Map<Span, Typed.Type> types() {
    return types;
  }

  /** Tensors by the place of the name that declares them. */
  public Map<Span, Variable> variables() {
    return variables;
  }

  /** Uses of declarations, by the characters that make the call. */
  public Map<Span, Typed.Call> calls() {
    return calls;
  }

  /** Equations that have a meaning, by their characters. */
  public Map<Span, Typed.Statement> statements() {
    return statements;
  }

  /** A declaration's body, sizes that the use decides as symbols; empty where it has errors. */
  public Optional<Typed.Body> body(Ast.Declaration declaration) {
    return Optional.ofNullable(bodies.get(declaration));
  }

  /** A plan; empty where it has errors. */
  public Optional<Typed.Training> training(Ast.Declaration declaration) {
    return Optional.ofNullable(trainings.get(declaration));
  }
}
