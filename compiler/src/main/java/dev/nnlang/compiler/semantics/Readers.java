package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Typed.Interval;
import dev.nnlang.compiler.semantics.Typed.NamedValue;
import dev.nnlang.compiler.semantics.Typed.Reader;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The right side of a {@code source}: a reader and what it is called with. */
final class Readers {
  /**
   * What a reader takes.
   *
   * @param least arguments by position
   * @param most arguments by position
   * @param usage as one writes it
   */
  private record Kind(
      int least, int most, Predicate<Object> positional, Set<String> named, String usage) {}

  private static final Predicate<Object> TEXT = String.class::isInstance;
  private static final Predicate<Object> NUMBER = Number.class::isInstance;
  private static final int MANY = 1000;

  private static final Map<String, Kind> KINDS = kinds();

  private static Map<String, Kind> kinds() {
    var kinds = new LinkedHashMap<String, Kind>();
    var columns = Set.of("column", "columns", "header", "separator");
    kinds.put("csv", new Kind(1, MANY, TEXT, columns, "csv(\"data/file.csv\", column = \"name\")"));
    kinds.put("idx", new Kind(1, MANY, TEXT, Set.of(), "idx(\"data/images.gz\")"));
    kinds.put("npy", new Kind(1, MANY, TEXT, Set.of(), "npy(\"data/x.npy\")"));
    kinds.put("npz", new Kind(2, 2, TEXT, Set.of(), "npz(\"data/all.npz\", \"x\")"));
    kinds.put(
        "safetensors",
        new Kind(2, 2, TEXT, Set.of(), "safetensors(\"data/all.safetensors\", \"x\")"));
    kinds.put("images", new Kind(1, 1, TEXT, Set.of(), "images(\"data/folder\")"));
    kinds.put("chars", new Kind(1, MANY, TEXT, Set.of(), "chars(\"data/text.txt\")"));
    kinds.put(
        "parquet",
        new Kind(1, MANY, TEXT, Set.of("column", "columns"), "parquet(\"data/t.parquet\")"));
    kinds.put("linspace", new Kind(3, 3, NUMBER, Set.of(), "linspace(0, 1, 100)"));
    return kinds;
  }

  private final Typer typer;

  Readers(Typer typer) {
    this.typer = typer;
  }

  static List<String> names() {
    return List.copyOf(KINDS.keySet());
  }

  /** The reader; empty where it failed. */
  Optional<Reader> reader(Ast.Expr e, Context c) {
    if (!(e instanceof Ast.Call call)) {
      if (!(e instanceof Ast.Missing)) {
        c.frame()
            .report(
                new DataProblem.ReaderArguments(
                    e.span(),
                    "a source",
                    "`" + e.span().text() + "`",
                    "a reader's call, such as " + KINDS.get("csv").usage()));
      }
      return Optional.empty();
    }
    var name = name(call.callee());
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var positional = new ArrayList<Object>();
    var named = new ArrayList<NamedValue>();
    for (var argument : call.arguments()) {
      var value = value(argument.value(), c);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      if (argument.name().isPresent()) {
        named.add(new NamedValue(argument.name().get().text(), value.get(), argument.span()));
      } else {
        positional.add(value.get());
      }
    }
    var reader = new Reader(name.get(), positional, named, call.span());
    boolean isJava = call.callee() instanceof Ast.Text || name.get().contains(".");
    return isJava || fits(call, reader, c) ? Optional.of(reader) : Optional.empty();
  }

  private static Optional<String> name(Ast.Expr callee) {
    return switch (callee) {
      case Ast.Ref r -> Optional.of(r.name().text());
      case Ast.Text t -> Optional.of(t.value());
      case Ast.Member m -> name(m.object()).map(n -> n + "." + m.member().text());
      default -> Optional.empty();
    };
  }

  private static boolean fits(Ast.Call call, Reader reader, Context c) {
    var kind = KINDS.get(reader.name());
    if (kind == null) {
      if (call.callee() instanceof Ast.Ref r && r.name().isUpper()) {
        return true;
      }
      c.frame()
          .report(
              new DataProblem.UnknownReader(
                  call.callee().span(), reader.name(), NearNames.near(reader.name(), names())));
      return false;
    }
    var count = reader.positional().size();
    if (count < kind.least() || count > kind.most()) {
      wrong(call, reader, count + (count == 1 ? " argument" : " arguments"), kind, c);
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (!kind.positional().test(reader.positional().get(i))) {
        wrong(call, reader, "`" + text(call, i) + "`", kind, c);
        return false;
      }
    }
    for (var value : reader.named()) {
      if (!kind.named().contains(value.name())) {
        wrong(call, reader, "an argument `" + value.name() + "`", kind, c);
        return false;
      }
    }
    return true;
  }

  private static String text(Ast.Call call, int position) {
    return call.arguments().stream()
        .filter(a -> a.name().isEmpty())
        .skip(position)
        .findFirst()
        .map(a -> a.value().span().text())
        .orElse("");
  }

  private static void wrong(Ast.Call call, Reader reader, String found, Kind kind, Context c) {
    c.frame()
        .report(new DataProblem.ReaderArguments(call.span(), reader.name(), found, kind.usage()));
  }

  /** A string, a number, a truth value or an interval; empty where it failed. */
  private Optional<Object> value(Ast.Expr e, Context c) {
    if (e instanceof Ast.Range range) {
      return interval(range, c).map(i -> i);
    }
    return Optional.ofNullable(
        switch (typer.statics().evaluate(e, Optional.empty(), c)) {
          case Value.Words w -> w.value();
          case Value.Truth t -> t.value();
          case Value.Number n -> n.value();
          case Value.Whole w when w.poly().isConstant() -> w.poly().constantTerm();
          case null -> null;
          default -> {
            c.frame().report(new ConfigProblem.NotStatic(e.span(), "a reader's argument"));
            yield null;
          }
        });
  }

  /** {@code from .. to} of whole numbers; empty where it failed. */
  Optional<Interval> interval(Ast.Range range, Context c) {
    var from = typer.dimension(range.from(), c);
    var to = typer.dimension(range.to(), c);
    if (from == null || to == null) {
      return Optional.empty();
    }
    if (!from.size().isConstant() || !to.size().isConstant()) {
      c.frame().report(new ConfigProblem.NotStatic(range.span(), "a range of the data"));
      return Optional.empty();
    }
    return Optional.of(new Interval(from.size().constantTerm(), to.size().constantTerm()));
  }
}
