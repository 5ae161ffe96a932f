package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.Optional;

/** A declaration at the top of a file, as names find it. Compared by identity. */
public final class Symbol {
  private final Unit unit;
  private final Ast.Name name;
  private final Ast.Declaration declaration;

  Symbol(Unit unit, Ast.Name name, Ast.Declaration declaration) {
    this.unit = unit;
    this.name = name;
    this.declaration = declaration;
  }

  /** The file that declares it: its names are resolved there. */
  public Unit unit() {
    return unit;
  }

  public String name() {
    return name.text();
  }

  public Ast.Declaration declaration() {
    return declaration;
  }

  /** The name where it is declared. */
  Ast.Name named() {
    return name;
  }

  /** Where its name stands. */
  public Span span() {
    return name.span();
  }

  /** Whether a place lies in its text. */
  public static boolean holds(Symbol symbol, Span place) {
    var span = symbol.declaration.span();
    return span.file() == place.file()
        && span.start() <= place.start()
        && place.start() <= span.end();
  }

  /** The declaration where it maps tensors to tensors. */
  public Optional<Ast.Function> function() {
    return declaration instanceof Ast.Function f ? Optional.of(f) : Optional.empty();
  }

  public boolean is(Ast.Kind... kinds) {
    if (declaration instanceof Ast.Function f) {
      for (var kind : kinds) {
        if (f.kind() == kind) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether one makes instances of it, which may own parameters. */
  public boolean isMaker() {
    return is(Ast.Kind.LAYER, Ast.Kind.MODEL);
  }

  /** What it is, in a word: {@code layer}, {@code dim}, {@code data}. */
  public String word() {
    return switch (declaration) {
      case Ast.Function f -> f.kind().word();
      case Ast.DimDef _, Ast.EnumDim _ -> "dim";
      case Ast.ConstDef _ -> "const";
      case Ast.Data _ -> "data";
      case Ast.Train _ -> "train";
      case Ast.Use _, Ast.Missing _ -> "declaration";
    };
  }

  @Override
  public String toString() {
    return word() + " " + name();
  }
}
