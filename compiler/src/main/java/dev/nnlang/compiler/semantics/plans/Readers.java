package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Interval;
import dev.nnlang.compiler.semantics.Typed.NamedValue;
import dev.nnlang.compiler.semantics.Typed.Reader;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.bodies.Context;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.Typer;
import dev.nnlang.compiler.semantics.bodies.Value;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.DataProblem;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The right side of a {@code source}: a reader and what it is called with. */
public final class Readers {
  /**
   * What a reader takes.
   *
   * @param least arguments by position
   * @param most arguments by position
   * @param named what each argument by name may be
   * @param usage as one writes it
   */
  private record Kind(
      int least, int most, Predicate<Object> positional, Map<String, Wants> named, String usage) {}

  /** What an argument by name may be, with the words for it. */
  private record Wants(Predicate<Object> test, String words) {}

  private static final Predicate<Object> TEXT = String.class::isInstance;
  private static final Predicate<Object> NUMBER = Number.class::isInstance;

  private static final Wants COLUMN =
      new Wants(
          v -> v instanceof String || v instanceof Long n && n >= 0,
          "a column's number, from 0, or its name: `column = 4`, `column = \"price\"`");

  private static final Wants COLUMNS =
      new Wants(
          v -> v instanceof Interval i && i.from() >= 0 && i.to() > i.from(),
          "a range of columns, from 0: `columns = 0 .. 4`");

  private static final Wants HEADER =
      new Wants(Boolean.class::isInstance, "`header = true` or `header = false`");

  private static final Wants SEPARATOR =
      new Wants(
          v -> v instanceof String text && text.length() == 1,
          "one character: `separator = \";\"`");

  private static final int MANY = 1000;

  private static final Map<String, Kind> KINDS = kinds();

  private static Map<String, Kind> kinds() {
    var kinds = new LinkedHashMap<String, Kind>();
    var columns =
        Map.of("column", COLUMN, "columns", COLUMNS, "header", HEADER, "separator", SEPARATOR);
    kinds.put("csv", new Kind(1, MANY, TEXT, columns, "csv(\"data/file.csv\", column = \"name\")"));
    kinds.put("idx", new Kind(1, MANY, TEXT, Map.of(), "idx(\"data/images.gz\")"));
    kinds.put("npy", new Kind(1, MANY, TEXT, Map.of(), "npy(\"data/x.npy\")"));
    kinds.put("npz", new Kind(2, 2, TEXT, Map.of(), "npz(\"data/all.npz\", \"x\")"));
    kinds.put(
        "safetensors",
        new Kind(2, 2, TEXT, Map.of(), "safetensors(\"data/all.safetensors\", \"x\")"));
    kinds.put("images", new Kind(1, 1, TEXT, Map.of(), "images(\"data/folder\")"));
    kinds.put("chars", new Kind(1, MANY, TEXT, Map.of(), "chars(\"data/text.txt\")"));
    kinds.put(
        "parquet",
        new Kind(
            1,
            MANY,
            TEXT,
            Map.of("column", COLUMN, "columns", COLUMNS),
            "parquet(\"data/t.parquet\")"));
    kinds.put("linspace", new Kind(3, 3, NUMBER, Map.of(), "linspace(0, 1, 100)"));
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
                  call.callee().span(),
                  reader.name(),
                  NearNames.near(reader.name(), names()),
                  names()));
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
      var wants = kind.named().get(value.name());
      if (wants == null) {
        wrong(call, reader, "an argument `" + value.name() + "`", kind, c);
        return false;
      }
      if (!wants.test().test(value.value())) {
        c.frame()
            .report(
                new DataProblem.ReaderArguments(
                    value.span(), reader.name(), "`" + value.span().text() + "`", wants.words()));
        return false;
      }
    }
    var names = reader.named().stream().map(NamedValue::name).toList();
    if (names.contains("column") && names.contains("columns")) {
      wrong(call, reader, "both `column` and `columns`", kind, c);
      return false;
    }
    return true;
  }

  /**
   * Whether a source has as many dimensions, of such sizes, as its reader gives, as far as the call
   * shows it; what is wrong is reported.
   */
  static boolean isShape(
      List<Typed.Dimension> declared, Ast.Source source, Reader reader, Frame f) {
    var given = gives(reader);
    boolean fits = given.size() == declared.size();
    for (int i = 0; fits && i < given.size(); i++) {
      var size = declared.get(i).size();
      var wanted = given.get(i);
      fits = wanted.isEmpty() || !size.isConstant() || size.constantTerm() == wanted.get();
    }
    if (!fits && !given.isEmpty()) {
      f.report(
          new DataProblem.OtherShape(
              source.name().span(), source.name().text(), Types.text(declared), shown(given)));
      return false;
    }
    return true;
  }

  /**
   * The sizes that a call gives, empty where only the file knows one; none where nothing is known.
   */
  private static List<Optional<Long>> gives(Reader reader) {
    var named = new LinkedHashMap<String, Object>();
    reader.named().forEach(n -> named.put(n.name(), n.value()));
    return switch (reader.name()) {
      case "chars" -> List.of(Optional.empty());
      case "linspace" ->
          reader.positional().getLast() instanceof Long count
              ? List.of(Optional.of(count))
              : List.of();
      case "csv", "parquet" -> {
        if (named.containsKey("column")) {
          yield List.of(Optional.empty());
        }
        yield named.get("columns") instanceof Interval(long from, long to)
            ? List.of(Optional.empty(), Optional.of(to - from))
            : List.of();
      }
      default -> List.of();
    };
  }

  /** {@code [N, 3]}: what only the file knows has the name that it mostly has. */
  private static String shown(List<Optional<Long>> sizes) {
    return sizes.stream()
        .map(size -> size.map(Object::toString).orElse("N"))
        .collect(Collectors.joining(", ", "[", "]"));
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
