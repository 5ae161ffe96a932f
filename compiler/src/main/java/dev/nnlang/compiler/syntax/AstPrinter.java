package dev.nnlang.compiler.syntax;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The text form of the tree: one line a declaration or statement, values as prefix expressions.
 * Equal trees print equal, wherever they stood, so that tests compare by it.
 */
public final class AstPrinter {
  private final StringBuilder out = new StringBuilder();

  private AstPrinter() {}

  /** A whole file. */
  public static String print(Ast.File file) {
    AstPrinter printer = new AstPrinter();
    file.declarations().forEach(printer::declaration);
    return printer.out.toString();
  }

  /** One declaration. */
  public static String print(Ast.Declaration declaration) {
    AstPrinter printer = new AstPrinter();
    printer.declaration(declaration);
    return printer.out.toString();
  }

  /** One value. */
  public static String print(Ast.Expr expr) {
    return expr(expr);
  }

  private void line(int depth, String text) {
    out.append("  ".repeat(depth)).append(text).append('\n');
  }

  private void doc(int depth, Optional<Ast.Doc> doc) {
    doc.ifPresent(d -> d.text().lines().forEach(text -> line(depth, ("/// " + text).strip())));
  }

  // ---------------------------------------------------------------------------------------------
  // Declarations

  private void declaration(Ast.Declaration declaration) {
    switch (declaration) {
      case Ast.Use use ->
          line(
              0,
              "use "
                  + quoted(use.path())
                  + use.names().map(n -> " (" + names(n) + ")").orElse("")
                  + use.alias().map(a -> " as " + a.text()).orElse(""));
      case Ast.DimDef dim -> statement(0, dim);
      case Ast.EnumDim dim -> statement(0, dim);
      case Ast.ConstDef constant -> statement(0, constant);
      case Ast.Function function -> function(function);
      case Ast.Data data -> {
        doc(0, data.doc());
        line(0, "data " + data.name().text() + configs(data.configs()));
        statements(1, data.body());
      }
      case Ast.Train train -> {
        doc(0, train.doc());
        line(
            0,
            "train %s %s on %s"
                .formatted(train.name().text(), expr(train.model()), expr(train.data())));
        train.settings().forEach(setting -> statement(1, setting));
      }
      case Ast.Missing _ -> line(0, "?");
    }
  }

  private static String names(List<Ast.Name> names) {
    return names.stream().map(Ast.Name::text).collect(Collectors.joining(" "));
  }

  private void function(Ast.Function function) {
    doc(0, function.doc());
    StringBuilder head = new StringBuilder();
    head.append(function.kind().word()).append(' ').append(function.name().text());
    head.append(configs(function.configs()));
    function.inputs().forEach(port -> head.append(" : ").append(port(port)));
    function.outputs().forEach(port -> head.append(" -> ").append(port(port)));
    for (Ast.Condition condition : function.conditions()) {
      head.append(" where ").append(expr(condition.test()));
      condition.message().ifPresent(message -> head.append(' ').append(quoted(message)));
    }
    switch (function.body()) {
      case Ast.Single single ->
          line(0, head + " " + relation(single.relation()) + " " + expr(single.value()));
      case Ast.Block block -> {
        line(0, head.toString());
        statements(1, block);
      }
    }
  }

  private static String configs(List<Ast.Config> configs) {
    return configs.stream()
        .map(
            c ->
                " ("
                    + c.name().text()
                    + c.type().map(AstPrinter::type).orElse("")
                    + c.fallback().map(e -> " = " + expr(e)).orElse("")
                    + ")")
        .collect(Collectors.joining());
  }

  private static String type(Ast.ConfigType type) {
    return ": "
        + word(type.kind())
        + switch (type.howMany()) {
          case Ast.HowMany.One _ -> "";
          case Ast.HowMany.Exactly(var count) -> "[" + count + "]";
          case Ast.HowMany.Any _ -> "[]";
        };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String port(Ast.Port port) {
    return port.name().text() + dims(port.dims()) + type(port.type()) + absent(port.absent());
  }

  private static String absent(Optional<Ast.Absent> absent) {
    return absent
        .map(
            a ->
                switch (a) {
                  case Ast.Default(var value, _) -> " ?? " + expr(value);
                  case Ast.Dropped _ -> " ?? _";
                })
        .orElse("");
  }

  private static String type(Optional<Ast.Type> type) {
    return type.map(
            t ->
                switch (t) {
                  case Ast.IndexType index -> " : (index " + expr(index.dimension()) + ")";
                  case Ast.ScalarType scalar -> " : " + word(scalar.scalar());
                })
        .orElse("");
  }

  private static String dims(Optional<List<Ast.DimItem>> dims) {
    return dims.map(
            items ->
                items.stream().map(AstPrinter::dim).collect(Collectors.joining(", ", "[", "]")))
        .orElse("");
  }

  private static String dim(Ast.DimItem item) {
    return switch (item) {
      case Ast.DimSize size -> expr(size.size());
      case Ast.DimBatch _ -> "(batch)";
      case Ast.DimRun run -> "..." + run.name().text();
      case Ast.DimIndexed indexed -> indexed.index().text() + ": " + expr(indexed.size());
      case Ast.Missing _ -> "?";
    };
  }

  // ---------------------------------------------------------------------------------------------
  // Statements

  private void statements(int depth, Ast.Block block) {
    block.statements().forEach(statement -> statement(depth, statement));
  }

  private static String relation(Ast.Relation relation) {
    return switch (relation) {
      case EQUALS -> "=";
      case DRAWN -> "~";
    };
  }

  private void statement(int depth, Ast.Statement statement) {
    switch (statement) {
      case Ast.DimDef dim -> {
        doc(depth, dim.doc());
        line(depth, "dim " + dim.name().text() + " = " + expr(dim.value()));
      }
      case Ast.EnumDim dim -> {
        doc(depth, dim.doc());
        line(
            depth,
            "dim "
                + dim.name().text()
                + dim.members().stream()
                    .map(m -> " " + m.name().text() + m.word().map(w -> "=" + quoted(w)).orElse(""))
                    .collect(Collectors.joining("", " {", " }")));
      }
      case Ast.ConstDef constant -> {
        doc(depth, constant.doc());
        line(depth, "const " + constant.name().text() + " = " + expr(constant.value()));
      }
      case Ast.Equation equation -> {
        doc(depth, equation.doc());
        line(
            depth,
            "%s%s %s %s"
                .formatted(
                    left(equation.left()),
                    type(equation.type()),
                    relation(equation.relation()),
                    expr(equation.right())));
      }
      case Ast.Destructuring parts -> {
        doc(depth, parts.doc());
        line(
            depth,
            parts.targets().stream()
                    .map(t -> t.name().map(Ast.Name::text).orElse("_"))
                    .collect(Collectors.joining(", "))
                + " = "
                + expr(parts.right()));
      }
      case Ast.Param param -> {
        doc(depth, param.doc());
        String word = param.frozen() ? "frozen param " : "param ";
        String shape = param.name().text() + dims(param.dims()) + type(param.type());
        line(depth, word + shape + " " + relation(param.relation()) + " " + expr(param.value()));
      }
      case Ast.State state -> {
        doc(depth, state.doc());
        String shape = state.name().text() + dims(state.dims()) + type(state.type());
        line(
            depth, "state " + shape + " " + relation(state.relation()) + " " + expr(state.value()));
      }
      case Ast.Source source -> {
        doc(depth, source.doc());
        String shape = source.name().text() + dims(source.dims()) + type(source.type());
        line(depth, "source " + shape + " = " + expr(source.reader()));
      }
      case Ast.Sample sample -> {
        doc(depth, sample.doc());
        StringBuilder head = new StringBuilder("sample " + sample.index().text());
        sample.outputs().forEach(port -> head.append(" -> ").append(port(port)));
        line(depth, head.toString());
        statements(depth + 1, sample.body());
      }
      case Ast.Fit fit -> {
        doc(depth, fit.doc());
        line(depth, "fit");
        statements(depth + 1, fit.body());
      }
      case Ast.Setting setting -> {
        doc(depth, setting.doc());
        line(depth, "set " + setting.name().text() + " = " + expr(setting.value()));
      }
      case Ast.If choice -> {
        line(depth, "if " + expr(choice.condition()));
        statements(depth + 1, choice.then());
        choice
            .otherwise()
            .ifPresent(
                otherwise -> {
                  line(depth, "else");
                  statements(depth + 1, otherwise);
                });
      }
      case Ast.Missing _ -> line(depth, "?");
    }
  }

  private static String left(Ast.Left left) {
    String name = left.name().text() + (left.primed() ? "'" : "");
    return left.items()
        .map(
            items ->
                items.stream()
                    .map(AstPrinter::leftItem)
                    .collect(Collectors.joining(", ", name + "[", "]")))
        .orElse(name);
  }

  private static String leftItem(Ast.LeftItem item) {
    return switch (item) {
      case Ast.LeftIndex index ->
          index.index().text() + index.range().map(range -> ": " + expr(range)).orElse("");
      case Ast.LeftWhole _ -> ":";
      case Ast.LeftRun run -> "..." + run.name().text();
      case Ast.Missing _ -> "?";
    };
  }

  // ---------------------------------------------------------------------------------------------
  // Expressions

  private static String quoted(Ast.Text text) {
    return "\""
        + text.value()
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
        + "\"";
  }

  /** What stands to the left nests as deep as a text is long, and is walked by a loop. */
  private static String expr(Ast.Expr root) {
    StringBuilder text = new StringBuilder();
    Deque<String> after = new ArrayDeque<>();
    Ast.Expr expr = root;
    while (true) {
      switch (expr) {
        case Ast.Binary binary -> {
          text.append('(').append(binary.op().symbol()).append(' ');
          after.push(" " + expr(binary.right()) + ")");
          expr = binary.left();
        }
        case Ast.Member member -> {
          text.append("(. ");
          after.push(" " + member.member().text() + ")");
          expr = member.object();
        }
        case Ast.Call call -> {
          text.append("(call ");
          after.push(joined(call.arguments(), AstPrinter::argument) + ")");
          expr = call.callee();
        }
        case Ast.Access access -> {
          text.append("(at ");
          after.push(joined(access.subscripts(), AstPrinter::subscript) + ")");
          expr = access.target();
        }
        default -> {
          text.append(bounded(expr));
          after.forEach(text::append);
          return text.toString();
        }
      }
    }
  }

  private static String bounded(Ast.Expr expr) {
    return switch (expr) {
      case Ast.Binary _, Ast.Member _, Ast.Call _, Ast.Access _ -> expr(expr);
      case Ast.IntLiteral number -> number.spelling();
      case Ast.RealLiteral number -> number.spelling();
      case Ast.BoolLiteral bool -> String.valueOf(bool.value());
      case Ast.Text text -> quoted(text);
      case Ast.Ref ref -> ref.name().text() + (ref.primed() ? "'" : "");
      case Ast.Reduction reduction ->
          "("
              + reduction.function().text()
              + " ["
              + reduction.binders().stream()
                  .map(AstPrinter::binder)
                  .collect(Collectors.joining(", "))
              + reduction.guard().map(guard -> " | " + expr(guard)).orElse("")
              + "] "
              + expr(reduction.body())
              + ")";
      case Ast.Fallback fallback ->
          "(?? " + expr(fallback.read()) + " " + expr(fallback.outside()) + ")";
      case Ast.Unary unary -> "(" + unary.op().symbol() + " " + expr(unary.operand()) + ")";
      case Ast.Conditional choice ->
          "(if "
              + expr(choice.condition())
              + " "
              + expr(choice.then())
              + " "
              + expr(choice.otherwise())
              + ")";
      case Ast.Pipe pipe ->
          "(|> " + expr(pipe.input()) + joined(pipe.stages(), AstPrinter::stage) + ")";
      case Ast.Named named -> "(as " + expr(named.value()) + " " + named.name().text() + ")";
      case Ast.ListOf list -> "(list" + joined(list.items(), AstPrinter::expr) + ")";
      case Ast.Range range -> "(.. " + expr(range.from()) + " " + expr(range.to()) + ")";
      case Ast.Missing _ -> "?";
    };
  }

  private static <T> String joined(List<T> parts, java.util.function.Function<T, String> print) {
    return parts.stream().map(part -> " " + print.apply(part)).collect(Collectors.joining());
  }

  private static String argument(Ast.Argument argument) {
    return argument.name().map(name -> name.text() + "=").orElse("") + expr(argument.value());
  }

  private static String binder(Ast.Binder binder) {
    return switch (binder) {
      case Ast.IndexBinder index ->
          index.index().text() + index.range().map(range -> ": " + expr(range)).orElse("");
      case Ast.RunBinder run -> "..." + run.name().text();
      case Ast.Missing _ -> "?";
    };
  }

  private static String subscript(Ast.Subscript subscript) {
    return switch (subscript) {
      case Ast.At at -> expr(at.value());
      case Ast.Whole _ -> ":";
      case Ast.Run run -> "..." + run.name().text();
      case Ast.Missing _ -> "?";
    };
  }

  private static String stage(Ast.Stage stage) {
    return expr(stage.function()) + stage.alias().map(name -> " as " + name.text()).orElse("");
  }
}
