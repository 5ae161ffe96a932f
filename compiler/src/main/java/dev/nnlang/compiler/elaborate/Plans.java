package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.data.Element;
import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.data.ReaderCall;
import dev.nnlang.runtime.data.SampleRange;
import dev.nnlang.runtime.data.SampleTensor;
import dev.nnlang.runtime.data.SourcePlan;
import dev.nnlang.runtime.data.Split;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.train.TrainingPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What the runtime must know of a plan and its data beside the programs. */
final class Plans {
  private Plans() {}

  // The plan.

  static TrainingPlan training(Typed.Training training, Optional<TrainingPlan.Watched> watched) {
    var settings = training.settings();
    TrainingPlan.Batch batch =
        settings
            .batch()
            .<TrainingPlan.Batch>map(b -> new TrainingPlan.Batch.Examples(Math.toIntExact(b)))
            .orElseGet(TrainingPlan.Batch.All::new);
    TrainingPlan.Length length =
        settings
            .epochs()
            .<TrainingPlan.Length>map(TrainingPlan.Length.Epochs::new)
            .orElseGet(() -> new TrainingPlan.Length.Steps(settings.steps().orElseThrow()));
    return new TrainingPlan(
        training.name(),
        training.training().model().body().name(),
        training.data().name(),
        batch,
        length,
        settings.seed(),
        settings.shuffle() ? TrainingPlan.Order.SHUFFLED : TrainingPlan.Order.ASCENDING,
        Math.toIntExact(settings.accumulate()),
        settings.evaluate().map(Math::toIntExact).map(OptionalInt::of).orElse(OptionalInt.empty()),
        settings.first().map(Plans::gate),
        settings.stop().map(Plans::stall),
        training.metrics().stream().map(Plans::metric).toList(),
        watched,
        settings.checkpoint().map(Plans::checkpoints),
        settings.from().map(Plans::start),
        place(training.span()));
  }

  private static TrainingPlan.Metric metric(Typed.Metric metric) {
    return new TrainingPlan.Metric(
        metric.name(),
        metric.stateful().isPresent()
            ? TrainingPlan.Metric.Kind.STATE
            : TrainingPlan.Metric.Kind.MEAN);
  }

  private static TrainingPlan.Checkpoints checkpoints(Typed.Checkpoints checkpoint) {
    return new TrainingPlan.Checkpoints(
        checkpoint.every(), Math.toIntExact(checkpoint.keep()), place(checkpoint.span()));
  }

  private static TrainingPlan.Start start(Typed.Start from) {
    return from.isFolder()
        ? new TrainingPlan.Start.Folder(from.name(), place(from.span()))
        : new TrainingPlan.Start.Plan(from.name(), place(from.span()));
  }

  private static TrainingPlan.Gate gate(Typed.Overfit first) {
    return new TrainingPlan.Gate(
        Math.toIntExact(first.samples()),
        new TrainingPlan.Condition(
            bare(first.result()), comparison(first.comparison()), first.bound()),
        first.within(),
        place(first.span()));
  }

  private static TrainingPlan.Comparison comparison(Comparison comparison) {
    return switch (comparison) {
      case LT -> TrainingPlan.Comparison.LESS;
      case LE -> TrainingPlan.Comparison.LESS_OR_EQUAL;
      case GT -> TrainingPlan.Comparison.GREATER;
      case GE -> TrainingPlan.Comparison.GREATER_OR_EQUAL;
      case EQ, NE -> throw new CompilerBug("a gate that waits for equality");
    };
  }

  /** {@code valid.accuracy} without its part. */
  private static String bare(String result) {
    return result.substring(result.indexOf('.') + 1);
  }

  private static TrainingPlan.Stall stall(Typed.Stalled stop) {
    var name = bare(stop.result());
    var part = stop.result().contains(".") ? stop.result().split("\\.")[0] : "train";
    return new TrainingPlan.Stall(
        new TrainingPlan.Result(part(part), name),
        stop.lower() ? TrainingPlan.Better.LOWER : TrainingPlan.Better.HIGHER,
        stop.epochs(),
        place(stop.span()));
  }

  // The data.

  static DataPlan data(Typed.Data data) {
    return new DataPlan(
        data.name(),
        data.sources().stream().map(Plans::source).toList(),
        new SampleRange(data.index().name(), extents(data.lower()), extents(data.upper())),
        data.window(),
        data.split().map(Plans::split).orElseGet(Split.Whole::new),
        data.samples().stream().map(v -> sample(data, v)).toList());
  }

  private static SourcePlan source(Typed.Source source) {
    var variable = source.variable();
    return new SourcePlan(
        variable.name(),
        shape(variable),
        element(variable.type().element()),
        reader(source.reader()),
        place(source.span()));
  }

  private static List<Extent> shape(Typed.Variable variable) {
    return extents(variable.type().shape().stream().map(Typed.Dimension::size).toList());
  }

  private static ReaderCall reader(Typed.Reader reader) {
    var arguments = new ArrayList<ReaderCall.Argument>();
    reader.positional().forEach(v -> arguments.add(ReaderCall.Argument.of(argument(v))));
    reader
        .named()
        .forEach(n -> arguments.add(ReaderCall.Argument.named(n.name(), argument(n.value()))));
    return new ReaderCall(reader.name(), arguments);
  }

  private static ReaderCall.Value argument(Object value) {
    return switch (value) {
      case String text -> new ReaderCall.Value.Text(text);
      case Long number -> new ReaderCall.Value.Number(number);
      case Double number -> new ReaderCall.Value.Number(number);
      case Boolean truth -> new ReaderCall.Value.Truth(truth);
      case Typed.Interval(var from, var to) -> new ReaderCall.Value.Range(from, to);
      default -> throw new CompilerBug("a reader's argument: " + value);
    };
  }

  private static Element element(Typed.Element element) {
    return switch (element) {
      case Typed.Element.Real _ -> new Element.Real();
      case Typed.Element.Int _ -> new Element.Int();
      case Typed.Element.Bool _ -> new Element.Bool();
      case Typed.Element.IndexOf(var dimension) -> {
        var words = new ArrayList<Element.Word>();
        var named = dimension.named();
        if (named.isPresent()) {
          for (int i = 0; i < named.get().members().size(); i++) {
            words.add(new Element.Word(named.get().members().get(i), named.get().words().get(i)));
          }
        }
        yield new Element.Index(
            named.map(Typed.NamedDim::name).orElse(dimension.size().toString()),
            extent(dimension.size(), Map.of()),
            words);
      }
    };
  }

  private static Split split(Typed.Split split) {
    var place = place(split.span());
    return switch (split.how()) {
      case SHUFFLED -> new Split.Shuffled(split.seed(), shares(split), place);
      case ORDERED -> new Split.Ordered(shares(split), place);
      case RANGES ->
          new Split.Ranges(
              split.parts().stream()
                  .map(
                      p ->
                          new Split.Slice(
                              part(p.name()),
                              Extent.of(p.range().orElseThrow().from()),
                              Extent.of(p.range().orElseThrow().to())))
                  .toList(),
              place);
    };
  }

  private static List<Split.Share> shares(Typed.Split split) {
    return split.parts().stream().map(p -> new Split.Share(part(p.name()), p.fraction())).toList();
  }

  private static Part part(String word) {
    return Part.valueOf(word.toUpperCase(Locale.ROOT));
  }

  // Samples.

  private static SampleTensor sample(Typed.Data data, Typed.Variable variable) {
    return new SampleTensor(
        variable.name(),
        shape(variable),
        element(variable.type().element()),
        data.statements().stream()
            .filter(s -> s instanceof Typed.Define d && d.target() == variable)
            .map(Typed.Define.class::cast)
            .findFirst()
            .flatMap(d -> read(d)),
        place(variable.span()));
  }

  /** The one read of a source behind an element, if there is one. */
  private static Optional<SampleTensor.Read> read(Typed.Define define) {
    var value = define.value() instanceof Typed.Cast(var x, _, _) ? x : define.value();
    if (!(value instanceof Typed.Access access)
        || !(access.target() instanceof Typed.Whole(var source, _, _, _))
        || source.role() != Typed.Role.SOURCE) {
      return Optional.empty();
    }
    var names = new HashMap<Atom, String>();
    for (int i = 0; i < define.left().size(); i++) {
      int place = i;
      define.left().get(i).ifPresent(a -> names.put(a.index(), "#" + place));
    }
    var position = new ArrayList<Extent>();
    for (var subscript : access.subscripts()) {
      if (subscript.isEmpty() || !(subscript.get() instanceof Typed.Position(var poly, _, _))) {
        return Optional.empty();
      }
      position.add(extent(poly, names));
    }
    return Optional.of(new SampleTensor.Read(source.name(), position));
  }

  // Sizes and places.

  private static List<Extent> extents(List<Poly> polys) {
    return polys.stream().map(p -> extent(p, Map.of())).toList();
  }

  private static Extent extent(Poly poly, Map<Atom, String> names) {
    if (poly.isConstant()) {
      return Extent.of(poly.constantTerm());
    }
    var terms = new ArrayList<Extent>();
    poly.terms()
        .forEach(
            (monomial, coefficient) -> {
              var factors = new ArrayList<Extent>();
              if (coefficient != 1 || monomial.isEmpty()) {
                factors.add(Extent.of(coefficient));
              }
              monomial.forEach(a -> factors.add(extent(a, names)));
              terms.add(factors.size() == 1 ? factors.getFirst() : new Extent.Product(factors));
            });
    return terms.size() == 1 ? terms.getFirst() : new Extent.Sum(terms);
  }

  private static Extent extent(Atom atom, Map<Atom, String> names) {
    return switch (atom) {
      case Atom.Dim(var name) -> new Extent.Dim(name);
      case Atom.Index(var name) -> new Extent.Dim(names.getOrDefault(atom, name));
      case Atom.Quotient(var a, var b) -> new Extent.Quotient(extent(a, names), extent(b, names));
      case Atom.Remainder(var a, var b) -> new Extent.Remainder(extent(a, names), extent(b, names));
    };
  }

  static Place place(Span span) {
    return new Place(span.file().name(), span.line(), span.column());
  }
}
