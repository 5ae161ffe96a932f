package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.source.Span;
import dev.nnlang.grammar.NnParser.*;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Config lists, inputs, outputs, shapes and types. */
final class PortBuilder {
  private final Places places;
  private final ExprBuilder exprs;

  PortBuilder(Places places, ExprBuilder exprs) {
    this.places = places;
    this.exprs = exprs;
  }

  List<Ast.Config> configs(ConfigsContext context) {
    List<Ast.Config> configs = new ArrayList<>();
    for (ConfigContext config : context == null ? List.<ConfigContext>of() : context.config()) {
      Optional<Ast.ConfigType> type =
          config.COLON() == null ? Optional.empty() : configType(config);
      Optional<Ast.Expr> fallback =
          config.ASSIGN() == null
              ? Optional.empty()
              : Optional.of(exprs.expr(config.expr(), config));
      configs.add(
          new Ast.Config(places.name(config.name(0), config), type, fallback, places.span(config)));
    }
    return configs;
  }

  private Optional<Ast.ConfigType> configType(ConfigContext config) {
    Ast.Name word = places.name(config.name(1), config);
    if (word.isMissing()) {
      return Optional.empty();
    }
    Optional<Ast.ConfigKind> kind =
        Arrays.stream(Ast.ConfigKind.values())
            .filter(k -> k.name().toLowerCase(Locale.ROOT).equals(word.text()))
            .findFirst();
    if (kind.isEmpty()) {
      unknown(
          word,
          Arrays.stream(Ast.ConfigKind.values())
              .map(k -> k.name().toLowerCase(Locale.ROOT))
              .toList());
    }
    return kind.map(k -> new Ast.ConfigType(k, howMany(config, k), word.span()));
  }

  /**
   * {@code dim[2]} has two values, {@code real[]} as many as the use gives; a list of none, or of
   * very many, is a mistake.
   */
  private Ast.HowMany howMany(ConfigContext config, Ast.ConfigKind kind) {
    if (config.LBRACK() == null) {
      return new Ast.HowMany.One();
    }
    if (config.INT() == null) {
      if (kind == Ast.ConfigKind.REAL || kind == Ast.ConfigKind.INT) {
        return new Ast.HowMany.Any();
      }
      places.say(
          new SyntaxProblem.BadBrackets(
              places.span(config.LBRACK()),
              "a list of any length is one of numbers",
              "write real[] or int[], or how many there are, as in dim[2]"));
      return new Ast.HowMany.One();
    }
    Span at = places.span(config.INT());
    String digits = at.text().replace("_", "");
    if (digits.length() > 3 || Integer.parseInt(digits) == 0) {
      places.say(
          new SyntaxProblem.BadBrackets(
              at, "a config has 1 to 999 values", "write its number, as in dim[2]"));
      return new Ast.HowMany.One();
    }
    return new Ast.HowMany.Exactly(Integer.parseInt(digits));
  }

  private void unknown(Ast.Name word, List<String> known) {
    places.say(new SyntaxProblem.UnknownType(word.span(), word.text(), known));
  }

  List<Ast.Port> ports(PortsContext context) {
    List<Ast.Port> ports = new ArrayList<>();
    for (PortContext port : context == null ? List.<PortContext>of() : context.port()) {
      ports.add(
          new Ast.Port(
              places.name(port.name(), port),
              dims(port.dims()),
              type(port.type()),
              absent(port),
              places.span(port)));
    }
    return ports;
  }

  private Optional<Ast.Absent> absent(PortContext port) {
    if (port.FALLBACK() == null) {
      return Optional.empty();
    }
    return port.UNDERSCORE() != null
        ? Optional.of(new Ast.Dropped(places.span(port.UNDERSCORE())))
        : Optional.of(new Ast.Default(exprs.expr(port.expr(), port), places.span(port)));
  }

  Optional<List<Ast.DimItem>> dims(DimsContext context) {
    if (context == null) {
      return Optional.empty();
    }
    List<Ast.DimItem> items = new ArrayList<>();
    for (DimContext item : context.dim()) {
      items.add(dim(item));
    }
    return Optional.of(List.copyOf(items));
  }

  private Ast.DimItem dim(DimContext item) {
    Span at = places.span(item);
    if (item.exception != null) {
      return new Ast.Missing(at);
    }
    if (item.ELLIPSIS() != null) {
      return new Ast.DimRun(places.name(item.name(), item), at);
    }
    Ast.Expr first = exprs.expr(item.expr(0), item);
    if (item.COLON() == null) {
      boolean batch = first instanceof Ast.Ref ref && ref.name().text().equals("batch");
      return batch ? new Ast.DimBatch(at) : new Ast.DimSize(first, at);
    }
    if (first instanceof Ast.Ref ref && !ref.primed()) {
      return new Ast.DimIndexed(ref.name(), exprs.expr(item.expr(1), item), at);
    }
    places.say(
        new SyntaxProblem.BadBrackets(
            first.span(), "only an index stands before : in a shape", "write w[i: In, Out]"));
    return new Ast.Missing(at);
  }

  Optional<Ast.Type> type(TypeContext context) {
    if (!Places.isWhole(context)) {
      return Optional.empty();
    }
    if (context.INDEX() != null) {
      DimensionNameContext written = context.dimensionName();
      Ast.Name first = places.name(written.name(0), written);
      Ast.Expr dimension = new Ast.Ref(first, false, first.span());
      if (written.DOT() != null) {
        dimension =
            new Ast.Member(dimension, places.name(written.name(1), written), places.span(written));
      }
      return Optional.of(new Ast.IndexType(dimension, span(context)));
    }
    Ast.Name word = places.name(context.name(), context);
    Optional<Ast.Scalar> scalar =
        Arrays.stream(Ast.Scalar.values())
            .filter(s -> s.name().toLowerCase(Locale.ROOT).equals(word.text()))
            .findFirst();
    if (scalar.isEmpty()) {
      unknown(word, List.of("bool", "int", "real", "index D"));
    }
    return scalar.map(s -> new Ast.ScalarType(s, word.span()));
  }

  /** Without the colon, which is punctuation. */
  private Span span(TypeContext context) {
    return places.span(context.INDEX()).to(places.span(context));
  }
}
