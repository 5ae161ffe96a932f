package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.Distribution;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.semantics.plans.Settings;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Optional;

/**
 * What the text means: declarations instantiated at a use. Every config is a value, every dimension
 * a number or an open dimension, every static {@code if} decided, every index has its range, every
 * name is a {@link Variable}, every call knows its body and what it is mapped over. All errors of
 * the user end before this; the elaborator only spells it out as equations.
 *
 * <p>A body speaks of one mapped place: shapes have neither the batch nor mapped dimensions, but
 * for the dimension {@link Dimension#batch}, which stands for all of them (LR-17). Runs of
 * dimensions ({@code ...S}) are spelled out: the use knows how many there are.
 */
public sealed interface Typed {
  Span span();

  // ---------------------------------------------------------------------------------------------
  // Types

  /**
   * One dimension of a shape.
   *
   * @param size its size; for the batch the dimension variable {@code batch}
   * @param named the file-level dimension whose identity it carries (LR-21), if any
   */
  record Dimension(Poly size, Optional<NamedDim> named) {
    private static final Poly BATCH = Poly.dim("batch");

    public static Dimension of(Poly size) {
      return new Dimension(size, Optional.empty());
    }

    /** All that a declaration is mapped over, as one dimension. */
    public static Dimension batch() {
      return of(BATCH);
    }

    public boolean isBatch() {
      return size.equals(BATCH);
    }
  }

  /**
   * A dimension declared at the top of a file.
   *
   * @param members of an enumerated dimension, in order; empty for a plain one
   * @param words how data spell the members
   */
  record NamedDim(String name, Poly size, List<String> members, List<String> words, Span span) {
    public NamedDim {
      members = List.copyOf(members);
      words = List.copyOf(words);
    }
  }

  /** What one element is. */
  sealed interface Element {
    /** A real number. */
    record Real() implements Element {}

    /** A 64-bit integer. */
    record Int() implements Element {}

    record Bool() implements Element {}

    /** A value of the index set of a dimension, in range by its type. */
    record IndexOf(Dimension dimension) implements Element {}
  }

  /** Element type and shape of a value; a scalar has no dimensions. */
  record Type(Element element, List<Dimension> shape) {
    public Type {
      shape = List.copyOf(shape);
    }

    public int rank() {
      return shape.size();
    }
  }

  // ---------------------------------------------------------------------------------------------
  // Bodies

  /** What a variable is in its body. */
  enum Role {
    INPUT,
    /** A local or an output: whichever, one {@link Define} or {@link DefineAll} gives it. */
    LOCAL,
    PARAM,
    FROZEN,
    STATE,
    /** A tensor of a data source. */
    SOURCE,
    /** A tensor computed by {@code fit}. */
    FIT
  }

  /**
   * A named tensor of one body. Compared by identity: two bodies, two variables.
   *
   * @param name as written
   */
  final class Variable {
    private final String name;
    private final Role role;
    private final Type type;
    private final Span span;

    public Variable(String name, Role role, Type type, Span span) {
      this.name = name;
      this.role = role;
      this.type = type;
      this.span = span;
    }

    public String name() {
      return name;
    }

    public Role role() {
      return role;
    }

    public Type type() {
      return type;
    }

    public Span span() {
      return span;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * An instantiated declaration.
   *
   * @param kind of the declaration
   * @param name of the declaration: {@code Dense}
   * @param inputs in order, without those that this use leaves to their defaults
   * @param outputs in order; an output may be an input or a local
   * @param taken how many of the outputs, from the first, every use takes
   * @param owned params and states with their initial values, in source order
   * @param statements in source order; the order of work follows from reads
   */
  record Body(
      Ast.Kind kind,
      String name,
      List<Variable> inputs,
      List<Variable> outputs,
      int taken,
      List<Owned> owned,
      List<Statement> statements,
      Span span)
      implements Typed {
    public Body {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      owned = List.copyOf(owned);
      statements = List.copyOf(statements);
    }
  }

  /**
   * A param or state.
   *
   * @param axes one index for each dimension, which {@code initial} may read
   * @param initial its first value, one element: may hold draws, {@link Fan}, calls of inits
   */
  record Owned(Variable variable, List<Axis> axes, Expr initial, Span span) implements Typed {
    public Owned {
      axes = List.copyOf(axes);
    }
  }

  /** An index variable with its range from 0; its name is unique in its body. */
  record Axis(Atom.Index index, Dimension range) {}

  /** What defines variables. */
  sealed interface Statement extends Typed {}

  /**
   * {@code target[left] = value}.
   *
   * @param primed whether it defines the next value of a state, or {@code w'} of an optimizer
   * @param left one item for each dimension of the target: an index, or empty for {@code :}; the
   *     value's shape is that of the empty positions, in order. A bare left side has all empty.
   */
  record Define(Variable target, boolean primed, List<Optional<Axis>> left, Expr value, Span span)
      implements Statement {
    public Define {
      left = List.copyOf(left);
    }
  }

  /** {@code a, _, b = call}; a target is empty where the output is dropped. */
  record DefineAll(List<Optional<Variable>> targets, Call call, Span span) implements Statement {
    public DefineAll {
      targets = List.copyOf(targets);
    }
  }

  // ---------------------------------------------------------------------------------------------
  // Expressions

  /** A value with its type; elementwise operations have the shape of their tensor operands. */
  sealed interface Expr extends Typed {
    Type type();
  }

  /** A real number. */
  record Real(double value, Type type, Span span) implements Expr {}

  record Bool(boolean value, Type type, Span span) implements Expr {}

  /**
   * An integer known as a polynomial of indices and dimensions: a literal, an index, {@code 2*h+r},
   * a dimension's size, {@code Gate.forget}. Type Int or IndexOf.
   */
  record Position(Poly value, Type type, Span span) implements Expr {}

  /** A whole tensor, or a scalar variable; {@code primed} for the next value of a state. */
  record Whole(Variable variable, boolean primed, Type type, Span span) implements Expr {}

  /**
   * Some elements of a tensor.
   *
   * @param target {@link Whole} in almost all programs
   * @param subscripts one for each dimension of the target; empty for {@code :}
   * @param guarded for each dimension whether it may be out of range, so that the fallback stands
   *     for it; all false without one
   * @param fallback of the type of the access, or a scalar
   */
  record Access(
      Expr target,
      List<Optional<Expr>> subscripts,
      List<Boolean> guarded,
      Optional<Expr> fallback,
      Type type,
      Span span)
      implements Expr {
    public Access {
      subscripts = List.copyOf(subscripts);
      guarded = List.copyOf(guarded);
    }
  }

  /** A scalar function, element by element. */
  record Unary(UnaryOp op, Expr x, Type type, Span span) implements Expr {}

  /** Operands have equal shapes or are scalars; both have the element type of the result. */
  record Binary(BinaryOp op, Expr x, Expr y, Type type, Span span) implements Expr {}

  record Compare(Comparison op, Expr x, Expr y, Type type, Span span) implements Expr {}

  record Not(Expr x, Type type, Span span) implements Expr {}

  record And(Expr x, Expr y, Type type, Span span) implements Expr {}

  record Or(Expr x, Expr y, Type type, Span span) implements Expr {}

  /** The value form of {@code if}; only the branch taken is evaluated. */
  record Select(Expr condition, Expr then, Expr otherwise, Type type, Span span) implements Expr {}

  /** To the element type of {@code type}: int or index to real, real to int (truncated). */
  record Cast(Expr x, Type type, Span span) implements Expr {}

  /** The reductions of the language; MEAN is a sum over the number that satisfy the guard. */
  enum Reducer {
    SUM,
    PROD,
    MEAN,
    MAX,
    MIN,
    ANY,
    ALL,
    ARGMAX,
    ARGMIN,
    LOGSUMEXP
  }

  /**
   * A reduction with a binder; the body and the guard are scalars.
   *
   * @param fallback the value when nothing satisfies the guard (LR-35)
   */
  record Reduce(
      Reducer reducer,
      List<Axis> axes,
      Optional<Expr> guard,
      Expr body,
      Optional<Expr> fallback,
      Type type,
      Span span)
      implements Expr {
    public Reduce {
      axes = List.copyOf(axes);
    }
  }

  /** A reduction without a binder: over all dimensions of its argument as written (LR-36). */
  record ReduceAll(Reducer reducer, Expr argument, Type type, Span span) implements Expr {}

  /** Output {@code output} of a call. */
  record Result(Call call, int output, Type type, Span span) implements Expr {}

  /** The same elements, row-major, in the shape of {@code type}. */
  record Reshape(Expr x, Type type, Span span) implements Expr {}

  record StopGradient(Expr x, Type type, Span span) implements Expr {}

  /** {@code d of / d by}: {@code of} is a scalar here, the type is that of {@code by} (LR-6). */
  record Gradient(Expr of, Variable by, Type type, Span span) implements Expr {}

  /** A fresh number for each element of the left side it stands on. */
  record Draw(Distribution distribution, List<Expr> arguments, Type type, Span span)
      implements Expr {
    public Draw {
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code fan_in} or {@code fan_out} of the parameter whose initial value this is (LR-33). */
  record Fan(Direction direction, Type type, Span span) implements Expr {
    public enum Direction {
      IN,
      OUT
    }
  }

  /** {@code step} or {@code steps}, an Int. */
  record Counter(Which which, Type type, Span span) implements Expr {
    public enum Which {
      STEP,
      STEPS
    }
  }

  /** A result of a plan's epoch, {@code valid.loss}, which feeds a schedule: a real. */
  record Figure(String result, Type type, Span span) implements Expr {}

  // ---------------------------------------------------------------------------------------------
  // Calls

  /**
   * A use of an instance.
   *
   * @param instance whose body's inputs are the arguments, less their mapped dimensions
   * @param arguments in order
   * @param mapped the leading dimensions that the call is mapped over, outermost first; every
   *     result has them in front
   * @param spread for each argument whether it has the mapped dimensions (else it is the same for
   *     all of them)
   */
  record Call(
      Instance instance,
      List<Expr> arguments,
      List<Dimension> mapped,
      List<Boolean> spread,
      Span span)
      implements Typed {
    public Call {
      arguments = List.copyOf(arguments);
      mapped = List.copyOf(mapped);
      spread = List.copyOf(spread);
    }
  }

  /**
   * One textual instance of a declaration: its parameters exist once, however often it is called.
   * Compared by identity. For what owns nothing (fn, loss, ...) every call has an instance of its
   * own, and the path says nothing.
   */
  final class Instance {
    private final String path;
    private final Body body;
    private final int copies;

    /**
     * @param path its part of the parameters' paths (LR-54): {@code Dense_1}, {@code encode}
     * @param copies 1, or n for {@code repeat(n, ...)}: a chain of n independent copies, whose
     *     paths are {@code path/0}, {@code path/1}, ...; {@code repeated} tells them apart
     */
    public Instance(String path, Body body, int copies, boolean repeated) {
      this.path = path;
      this.body = body;
      this.copies = copies;
      this.repeated = repeated;
    }

    private final boolean repeated;

    public String path() {
      return path;
    }

    public Body body() {
      return body;
    }

    public int copies() {
      return copies;
    }

    /** Whether it was written as {@code repeat(...)}, be it of one copy. */
    public boolean repeated() {
      return repeated;
    }
  }

  // ---------------------------------------------------------------------------------------------
  // Data and training

  /**
   * An instantiated {@code data} declaration.
   *
   * @param sources with their readers
   * @param fits statements of {@code fit}, whose targets have role FIT; the index {@code over} runs
   *     over the training values of the sample index in them (LR-27)
   * @param index the sample index {@code n}; it stands in the polynomials of {@code statements}
   * @param samples the tensors of an example, without the batch
   * @param lower bounds of {@code n}, inclusive; the set is their intersection (LR-3)
   * @param upper bounds of {@code n}, exclusive
   * @param window 1 + the largest spread of offsets by which a source is read (LR-27)
   * @param trainingStatements the same statements with {@code training = true}
   * @param path of the file that declares it: data paths are relative to it
   */
  record Data(
      String name,
      List<Source> sources,
      List<Statement> fits,
      Atom.Index index,
      List<Variable> samples,
      List<Statement> statements,
      List<Statement> trainingStatements,
      List<Poly> lower,
      List<Poly> upper,
      long window,
      Optional<Split> split,
      Span span)
      implements Typed {}

  /** {@code source}: the type's dimensions may be dimension variables ({@code N}). */
  record Source(Variable variable, Reader reader, Span span) implements Typed {}

  /**
   * A reader's name and arguments; values are String, Long, Double, Boolean or {@link Interval}.
   */
  record Reader(String name, List<Object> positional, List<NamedValue> named, Span span)
      implements Typed {}

  record NamedValue(String name, Object value, Span span) implements Typed {}

  /** {@code from .. to}, half-open in data. */
  record Interval(long from, long to) {}

  /** {@code shuffled}, {@code ordered} or {@code ranges}, parts in the order written. */
  record Split(How how, long seed, List<Part> parts, Span span) implements Typed {
    public enum How {
      SHUFFLED,
      ORDERED,
      RANGES
    }
  }

  /** A part: a fraction, or a range of values of the sample index. */
  record Part(String name, double fraction, Optional<Interval> range, Span span) implements Typed {}

  /**
   * An instantiated {@code train} block. Inference and training are two programs, so what differs
   * stands twice.
   *
   * @param schedules those that learn: their arguments are {@link Figure}s, and their states move
   *     when an epoch has ended
   */
  record Training(
      String name,
      Data data,
      Objective training,
      Objective inference,
      List<Metric> metrics,
      List<Update> optimizer,
      List<Call> schedules,
      Optional<Clip> clip,
      Settings settings,
      Span span)
      implements Typed {}

  /**
   * The model called on the samples of the same names, and the loss of it.
   *
   * @param model the instance, path "" : parameter paths start inside it
   * @param arguments the sample variables that feed the model's inputs, in order
   * @param outputs variables that stand for the model's outputs in {@code loss} and metrics
   * @param loss per example, a scalar or {@code [batch]}; averaged over the batch at the very end
   */
  record Objective(
      Instance model, List<Variable> arguments, List<Variable> outputs, Expr loss, Span span)
      implements Typed {}

  /**
   * @param name under which it is logged, unique in the plan
   * @param value per example, over the variables of the inference objective; absent for a metric
   *     with state
   * @param stateful its instance and arguments, where it has state (LR-20)
   * @param isLoss whether it is a loss that is called, of which less is better
   */
  record Metric(
      String name,
      Optional<Expr> trainingValue,
      Optional<Expr> value,
      Optional<Call> stateful,
      boolean isLoss,
      Span span)
      implements Typed {}

  /**
   * How one parameter is updated: an optimizer's body for the parameter's shape. Inputs {@code w}
   * and {@code g}; the primed definition of {@code w} gives the new value.
   *
   * @param parameter the instance path and name: {@code Dense_1/w}
   */
  record Update(String parameter, Body body, Span span) implements Typed {}

  /** {@code clip = norm(c)} or {@code value(c)} (LR-83). */
  record Clip(Kind kind, double bound, Span span) implements Typed {
    public enum Kind {
      NORM,
      VALUE
    }
  }

  /**
   * {@code params} in a loss: the function applied to every trained parameter, added up (LR-37).
   */
  record OverParams(List<ParamTerm> terms, Type type, Span span) implements Expr {
    public OverParams {
      terms = List.copyOf(terms);
    }
  }

  /** A fn body instantiated for one parameter's shape. */
  record ParamTerm(String parameter, Body body) {}

  /**
   * The settings that are not in the programs.
   *
   * @param average the factor of {@code average = ema(0.999)}
   */
  record Settings(
      Optional<Long> batch,
      Optional<Long> epochs,
      Optional<Long> steps,
      long accumulate,
      Optional<Long> evaluate,
      long seed,
      boolean shuffle,
      Optional<Overfit> first,
      Optional<Stalled> stop,
      List<String> watch,
      Optional<Checkpoints> checkpoint,
      Optional<Double> average,
      Optional<Start> from) {
    public Settings {
      watch = List.copyOf(watch);
    }
  }

  /** {@code checkpoint = every(200)}, {@code keep = 3}. */
  record Checkpoints(long every, long keep, Span span) implements Typed {}

  /** {@code from = "runs/First"}, a folder, or {@code from = First}, a plan of the file. */
  record Start(String name, boolean isFolder, Span span) implements Typed {}

  /** {@code overfit(samples = 32, until = loss < 0.01, within = 500)}. */
  record Overfit(
      long samples, String result, Comparison comparison, double bound, long within, Span span)
      implements Typed {}

  /**
   * {@code stalled(valid.loss, epochs = 5)}; the result by its full name: {@code valid.loss}.
   *
   * @param lower whether a lower figure is the better one
   */
  record Stalled(String result, boolean lower, long epochs, Span span) implements Typed {}
}
