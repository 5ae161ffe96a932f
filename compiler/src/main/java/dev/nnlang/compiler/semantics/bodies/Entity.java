package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Optional;

/** What a name of one body means. */
public sealed interface Entity {
  /** Where it is declared. */
  Span span();

  /** A config or const; its value is found when it is first read. */
  public final class Setting implements Entity {
    final Span span;
    final Ast.Expr fallback;
    final Wanted wanted;
    Value value;
    State state = State.UNKNOWN;

    /** The tensor that a list of any length is in the body; null for other config. */
    Typed.Variable list;

    public Setting(Span span, Ast.Expr fallback, Wanted wanted) {
      this.span = span;
      this.fallback = fallback;
      this.wanted = wanted;
    }

    public static Setting of(Value value, Span span) {
      var setting = new Setting(span, null, Wanted.ANY);
      setting.value = value;
      setting.state = State.DONE;
      return setting;
    }

    @Override
    public Span span() {
      return span;
    }
  }

  /** How far a name's meaning has been worked out. */
  enum State {
    UNKNOWN,
    WORKING,
    DONE
  }

  /** A dimension: inferred, of the config, or defined in the body. */
  final class Size implements Entity {
    final Span span;
    public final Ast.Expr definition;
    Dimension dimension;
    State state;

    private Size(Span span, Ast.Expr definition, Dimension dimension, State state) {
      this.span = span;
      this.definition = definition;
      this.dimension = dimension;
      this.state = state;
    }

    public static Size known(Dimension dimension, Span span) {
      return new Size(span, null, dimension, State.DONE);
    }

    public static Size defined(Ast.DimDef def) {
      return new Size(def.name().span(), def.value(), null, State.UNKNOWN);
    }

    @Override
    public Span span() {
      return span;
    }
  }

  /** A run of dimensions, {@code ...S}. */
  record Run(List<Dimension> dimensions, Span span) implements Entity {}

  /** An input, param, state, source: a variable whose type is known. */
  record Tensor(Typed.Variable variable, Span span) implements Entity {}

  /** A local or an output: its type may follow from its equation. */
  public final class Local implements Entity {
    final String name;
    final Span span;

    /** The declared type of an output; null for a local. */
    final Typed.Type declared;

    /** The equation that defines it in this static case; null where none does. */
    public Ast.Statement definition;

    public Typed.Variable variable;
    State state = State.UNKNOWN;

    /** Whether something read it before its equation was done: a recurrence. */
    boolean readEarly;

    public Local(String name, Span span, Typed.Type declared) {
      this.name = name;
      this.span = span;
      this.declared = declared;
    }

    @Override
    public Span span() {
      return span;
    }
  }

  /** {@code enc = Encoder(32)}: one instance, made at its first use. */
  final class Bound implements Entity {
    final String name;
    final Span span;
    final Ast.Expr maker;
    final Shared shared = new Shared();

    Bound(String name, Span span, Ast.Expr maker) {
      this.name = name;
      this.span = span;
      this.maker = maker;
    }

    @Override
    public Span span() {
      return span;
    }
  }

  /** An instance and what it was first used with. */
  final class Shared {
    Typed.Instance instance;
    List<Optional<Typed.Type>> given;
    Span first;
  }

  /** A name whose declaration failed: nothing more is said about it (LR-75). */
  record Failed(Span span) implements Entity {}
}
