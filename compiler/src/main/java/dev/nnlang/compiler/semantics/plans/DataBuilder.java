package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Interval;
import dev.nnlang.compiler.semantics.Typed.Part;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.Typed.Source;
import dev.nnlang.compiler.semantics.Typed.Split;
import dev.nnlang.compiler.semantics.Typed.Statement;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.bodies.Context;
import dev.nnlang.compiler.semantics.bodies.Engine;
import dev.nnlang.compiler.semantics.bodies.Entity;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.SampleBounds;
import dev.nnlang.compiler.semantics.bodies.Statements;
import dev.nnlang.compiler.semantics.bodies.Typer;
import dev.nnlang.compiler.semantics.bodies.Value;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.DataProblem;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives a {@code data} declaration its meaning (LR-3, 4, 27, 28). */
public final class DataBuilder {
  private static final List<String> PARTS = List.of("train", "valid", "test");

  private final Engine engine;
  private final Typer typer;
  private final Symbol symbol;
  private final Ast.Data data;
  private final Frame frame;
  private final Readers readers;
  private final List<Source> sources = new ArrayList<>();
  private boolean failed;

  private DataBuilder(Engine engine, Symbol symbol, Map<String, Value> settings) {
    this.engine = engine;
    this.typer = engine.typer();
    this.symbol = symbol;
    this.data = (Ast.Data) symbol.declaration();
    this.readers = new Readers(typer);
    this.frame = frame(Where.FILE, Mode.INFERENCE);
    for (var config : data.configs()) {
      config(config, settings);
    }
  }

  /**
   * The data; empty where something failed, which has been reported.
   *
   * @param settings config by name; what is not given has its default
   */
  public static Optional<Typed.Data> build(
      Engine engine, Symbol symbol, Map<String, Value> settings) {
    return isPlain((Ast.Data) symbol.declaration())
        ? engine.data(symbol, () -> new DataBuilder(engine, symbol, settings).build())
        : new DataBuilder(engine, symbol, settings).build();
  }

  /** Whether they are the same for every plan. */
  public static boolean isPlain(Ast.Data data) {
    return data.configs().isEmpty();
  }

  private Frame frame(Where where, Mode mode) {
    return new Frame(
        engine,
        symbol.unit(),
        where,
        symbol.name(),
        mode,
        Optional.empty(),
        Optional.empty(),
        symbol.span());
  }

  private void config(Ast.Config config, Map<String, Value> settings) {
    var name = config.name();
    var given = settings.get(name.text());
    if (given != null) {
      frame.declare(name.text(), Entity.Setting.of(given, name.span()));
    } else if (config.fallback().isPresent()) {
      frame.declare(
          name.text(),
          new Entity.Setting(
              name.span(),
              config.fallback().get(),
              typer.calls().configs().wanted(symbol, config)));
    } else {
      frame.report(
          new ConfigProblem.MissingConfig(symbol.span(), symbol.name(), name.text(), name.span()));
      failed = true;
    }
  }

  /** A frame with the names of this one and more. */
  private Frame inner(Where where, Mode mode) {
    var made = frame(where, mode);
    frame.names().forEach(made::declare);
    return made;
  }

  private Optional<Typed.Data> build() {
    Ast.Sample sample = null;
    Ast.Setting split = null;
    var fits = new ArrayList<Ast.Fit>();
    for (var statement : data.body().statements()) {
      switch (statement) {
        case Ast.Source s -> source(s);
        case Ast.Fit f -> fits.add(f);
        case Ast.Sample s -> {
          repeated("sample", sample, s);
          sample = sample == null ? s : sample;
        }
        case Ast.Setting s when s.name().text().equals("split") -> {
          repeated("split", split, s);
          split = split == null ? s : split;
        }
        default -> {}
      }
    }
    if (sources.isEmpty() && !failed) {
      frame.report(new DataProblem.NoSource(symbol.span(), symbol.name()));
      failed = true;
    }
    if (sample == null) {
      frame.report(new DataProblem.NoSample(symbol.span(), symbol.name()));
      return Optional.empty();
    }
    var fitted = fits(fits);
    var variables = variables(sample);
    if (variables == null || failed) {
      split(split);
      return Optional.empty();
    }
    return sampled(sample, fitted, variables, split);
  }

  private void repeated(String what, Ast first, Ast second) {
    if (first != null) {
      frame.report(new DataProblem.Repeated(second.span(), what, first.span()));
      failed = true;
    }
  }

  // Sources.

  private void source(Ast.Source s) {
    var c = Context.of(frame);
    var shape = new ArrayList<Dimension>();
    boolean bad = false;
    for (var item : s.dims().orElse(List.of())) {
      switch (item) {
        case Ast.DimSize(Ast.Ref(var name, _, _), _)
            when name.isUpper()
                && frame.find(name.text()) == null
                && symbol.unit().findNear(name.text()).isEmpty() -> {
          // Only the files know how big it is (LR-53).
          var open = Dimension.of(Poly.dim(name.text()));
          frame.declare(name.text(), Entity.Size.known(open, name.span()));
          shape.add(open);
        }
        case Ast.DimSize(var size, var span) -> {
          var dimension = typer.dimension(size, c);
          bad |= dimension == null || !typer.statics().positive(dimension, span, "a dimension", c);
          if (dimension != null) {
            shape.add(dimension);
          }
        }
        case Ast.DimBatch _, Ast.DimRun _, Ast.DimIndexed _ -> {
          frame.report(new DataProblem.SourceShape(item.span(), s.name().text()));
          bad = true;
        }
        case Ast.Missing _ -> bad = true;
      }
    }
    Typed.Element element = Types.REAL;
    if (s.type().isPresent()) {
      element = typer.definitions().element(s.type().get(), c);
    }
    var reader = readers.reader(s.reader(), c);
    if (bad || element == null || s.name().isMissing()) {
      frame.declare(s.name().text(), new Entity.Failed(s.name().span()));
      failed = true;
      return;
    }
    failed |= reader.isEmpty() || !Readers.isShape(shape, s, reader.get(), frame);
    var variable =
        new Variable(s.name().text(), Role.SOURCE, Types.of(element, shape), s.name().span());
    frame.declare(s.name().text(), new Entity.Tensor(variable, s.name().span()));
    frame.found(variable);
    reader.ifPresent(r -> sources.add(new Source(variable, r, s.span())));
  }

  // Fit.

  private List<Statement> fits(List<Ast.Fit> fits) {
    var all = new ArrayList<Statement>();
    for (var fit : fits) {
      var inside = inner(Where.FIT, Mode.INFERENCE);
      var statements = new Statements(typer, inside);
      statements.block(fit.body());
      var done = statements.finish();
      if (done == null) {
        failed = true;
        fit.body()
            .statements()
            .forEach(
                s -> {
                  if (s instanceof Ast.Equation e) {
                    frame.declare(
                        e.left().name().text(), new Entity.Failed(e.left().name().span()));
                  }
                });
        continue;
      }
      for (var statement : done) {
        if (statement instanceof Typed.Define d) {
          frame.declare(d.target().name(), new Entity.Tensor(d.target(), d.target().span()));
        }
      }
      all.addAll(done);
    }
    return all;
  }

  /** LR-27: what fit reads of the examples' dimensions, it reads of training examples. */
  private void check(List<Statement> fits, SampleBounds bounds) {
    var counted = bounds.extents();
    for (var statement : fits) {
      if (statement instanceof Typed.Define d) {
        TypedWalk.reads(
            d.value(),
            (variable, _, subscripts, at) -> {
              if (variable.role() != Role.SOURCE) {
                return;
              }
              var shape = variable.type().shape();
              for (int i = 0; i < shape.size(); i++) {
                boolean bare = i < subscripts.size() && isIndex(subscripts.get(i));
                if (counted.contains(shape.get(i).size()) && !bare) {
                  frame.report(
                      new DataProblem.FitReads(
                          at.span(),
                          at.span().text(),
                          shape.get(i).size().toString(),
                          bounds.axis().index().name()));
                  failed = true;
                }
              }
            });
      }
    }
  }

  private static boolean isIndex(Optional<Typed.Expr> subscript) {
    return subscript.isPresent()
        && subscript.get() instanceof Typed.Position(var value, _, _)
        && value.variables().stream()
            .anyMatch(v -> v instanceof Atom.Index && value.equals(Poly.of(v)));
  }

  // Samples.

  private List<Variable> variables(Ast.Sample sample) {
    var c = Context.of(frame);
    var variables = new ArrayList<Variable>();
    boolean bad = false;
    for (var port : sample.outputs()) {
      Typed.Element element = Types.REAL;
      if (port.type().isPresent()) {
        element = typer.definitions().element(port.type().get(), c);
      }
      var shape = new ArrayList<Dimension>();
      for (var item : port.dims().orElse(List.of())) {
        var dimension = item instanceof Ast.DimSize(var size, _) ? typer.dimension(size, c) : null;
        if (dimension == null
            || !typer.statics().positive(dimension, item.span(), "a dimension", c)) {
          bad = true;
        } else {
          shape.add(dimension);
        }
      }
      if (element == null) {
        bad = true;
      } else {
        var variable =
            new Variable(
                port.name().text(), Role.LOCAL, Types.of(element, shape), port.name().span());
        frame.found(variable);
        variables.add(variable);
      }
    }
    return bad ? null : variables;
  }

  private List<Statement> statements(
      Ast.Sample sample, List<Variable> variables, Mode mode, SampleBounds bounds) {
    var inside = inner(Where.SAMPLE, mode);
    inside.boundBy(bounds);
    for (var variable : variables) {
      var local = new Entity.Local(variable.name(), variable.span(), variable.type());
      local.variable = variable;
      inside.declare(variable.name(), local);
    }
    var statements = new Statements(typer, inside);
    statements.block(sample.body());
    for (var variable : variables) {
      if (inside.find(variable.name()) instanceof Entity.Local local && local.definition == null) {
        inside.report(
            new NameProblem.NeverDefined(
                variable.span(), variable.name(), "sample tensor", Optional.empty()));
      }
    }
    return statements.finish();
  }

  private Optional<Typed.Data> sampled(
      Ast.Sample sample, List<Statement> fits, List<Variable> variables, Ast.Setting split) {
    var axis = frame.axis(sample.index().text(), Dimension.of(Poly.dim(sample.index().text())));
    var bounds = new SampleBounds(axis);
    var training = statements(sample, variables, Mode.TRAINING, bounds);
    var inference =
        training == null
            ? null
            : engine.quietly(() -> statements(sample, variables, Mode.INFERENCE, bounds));
    if (training != null && inference == null) {
      statements(sample, variables, Mode.INFERENCE, bounds);
    }
    if (training == null || inference == null) {
      split(split);
      return Optional.empty();
    }
    if (bounds.upper().isEmpty() || bounds.lower().isEmpty()) {
      frame.report(new DataProblem.Unbounded(sample.index().span(), sample.index().text()));
      return Optional.empty();
    }
    check(fits, bounds);
    var parts = split(split);
    if (parts.isPresent() && parts.get().how() == Split.How.SHUFFLED && bounds.window() > 1) {
      frame.report(new DataProblem.SharedRows(parts.get().span(), bounds.window()));
    }
    if (failed) {
      return Optional.empty();
    }
    return Optional.of(
        new Typed.Data(
            symbol.name(),
            sources,
            fits,
            axis.index(),
            variables,
            inference,
            training,
            bounds.lower(),
            bounds.upper(),
            bounds.window(),
            parts,
            data.span()));
  }

  // The split.

  private Optional<Split> split(Ast.Setting setting) {
    if (setting == null || setting.value() instanceof Ast.Missing) {
      return Optional.empty();
    }
    if (!(setting.value() instanceof Ast.Call(Ast.Ref how, var arguments, _))) {
      return bad(setting.value());
    }
    return switch (how.name().text()) {
      case "shuffled" -> shares(Split.How.SHUFFLED, setting, arguments);
      case "ordered" -> shares(Split.How.ORDERED, setting, arguments);
      case "ranges" -> ranges(setting, arguments);
      default -> bad(setting.value());
    };
  }

  private Optional<Split> bad(Ast.Expr e) {
    frame.report(new DataProblem.BadSplit(e.span(), "`" + e.span().text() + "`"));
    failed = true;
    return Optional.empty();
  }

  private boolean isPart(Ast.Argument argument) {
    if (argument.name().isEmpty()) {
      bad(argument.value());
      return false;
    }
    var name = argument.name().get();
    if (!PARTS.contains(name.text())) {
      frame.report(
          new DataProblem.UnknownPart(
              name.span(), name.text(), NearNames.near(name.text(), PARTS)));
      failed = true;
      return false;
    }
    return true;
  }

  private Optional<Split> shares(Split.How how, Ast.Setting setting, List<Ast.Argument> arguments) {
    var parts = new ArrayList<Part>();
    long seed = 0;
    double sum = 0;
    for (var argument : arguments) {
      boolean isSeed =
          how == Split.How.SHUFFLED
              && argument.name().filter(n -> n.text().equals("seed")).isPresent();
      if (!isSeed && !isPart(argument)) {
        continue;
      }
      var value = typer.statics().evaluate(argument.value(), Optional.empty(), Context.of(frame));
      var number = value == null ? Optional.<Double>empty() : value.number();
      if (number.isEmpty()) {
        failed = true;
        if (value != null) {
          bad(argument.value());
        }
        continue;
      }
      if (isSeed) {
        seed = number.get().longValue();
        continue;
      }
      if (number.get() <= 0 || number.get() > 1) {
        frame.report(
            new DataProblem.Fractions(
                argument.span(), "a part cannot be " + argument.value().span().text() + " of all"));
        failed = true;
      }
      sum += number.get();
      parts.add(
          new Part(argument.name().get().text(), number.get(), Optional.empty(), argument.span()));
    }
    if (sum > 1 + 1e-9) {
      frame.report(
          new DataProblem.Fractions(
              setting.value().span(), "the parts are together more than all examples"));
      failed = true;
    }
    return Optional.of(new Split(how, seed, parts, setting.value().span()));
  }

  private Optional<Split> ranges(Ast.Setting setting, List<Ast.Argument> arguments) {
    var parts = new ArrayList<Part>();
    for (var argument : arguments) {
      if (!isPart(argument)) {
        continue;
      }
      if (!(argument.value() instanceof Ast.Range range)) {
        bad(argument.value());
        continue;
      }
      var interval = readers.interval(range, Context.of(frame));
      if (interval.isEmpty()) {
        failed = true;
        continue;
      }
      var part =
          new Part(argument.name().get().text(), 0, Optional.of(interval.get()), argument.span());
      for (var earlier : parts) {
        if (overlap(earlier.range().orElseThrow(), interval.get())) {
          frame.report(
              new DataProblem.Overlap(
                  argument.span(), part.name(), earlier.name(), earlier.span()));
          failed = true;
        }
      }
      parts.add(part);
    }
    return Optional.of(new Split(Split.How.RANGES, 0, parts, setting.value().span()));
  }

  private static boolean overlap(Interval a, Interval b) {
    return a.from() < b.to() && b.from() < a.to();
  }
}
