package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.compiler.elaborate.TrainingProgramSet;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.semantics.Search;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.check.Known;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.train.TrainingPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** One program, parsed once, and all that can be asked of it. */
public final class Compilation {
  private final List<Problem> syntax;
  private final Checked<Workspace> workspace;

  Compilation(SourceFile file, Sources sources) {
    var parsed = Parser.parse(file);
    this.syntax = parsed.problems();
    this.workspace = Workspace.of(parsed.value(), Library.files(), sources);
  }

  /** The names of the program. */
  public Workspace workspace() {
    return workspace.value();
  }

  /** Everything that is wrong, or worth a hint, without looking at data. */
  public List<Problem> check() {
    return Semantics.check(workspace.value(), soFar());
  }

  /** The same problems, with all that an editor wants to know beside them. */
  public Inspection inspect() {
    return inspect(Known.NOTHING);
  }

  /**
   * The same, of a program that is being edited.
   *
   * @param known what its last inspection found; most of it is not looked at again
   */
  public Inspection inspect(Known known) {
    var found = Semantics.inspect(workspace.value(), soFar(), known);
    return new Inspection(workspace.value(), found.problems(), found.findings(), found.known());
  }

  /** What parsing and loading found. */
  List<Problem> soFar() {
    var problems = new ArrayList<>(syntax);
    problems.addAll(workspace.problems());
    return problems;
  }

  /** Problems of the whole program where they contain an error, so that nothing else is tried. */
  Optional<List<Problem>> errors() {
    var problems = check();
    return problems.stream().anyMatch(p -> p.severity() == Severity.ERROR)
        ? Optional.of(problems)
        : Optional.empty();
  }

  /**
   * A {@code train} declaration as programs that run.
   *
   * @param name which one; may be left out where the file has one
   * @param replaced settings of the plan and configs of its optimizer, as they would be written
   */
  public Checked<Optional<CompiledTraining>> training(
      Optional<String> name, Map<String, String> replaced, Options options) {
    return typed(name, replaced)
        .then(
            typed ->
                typed.isEmpty()
                    ? Checked.of(Optional.empty())
                    : TrainingCompiler.compile(typed.get(), options));
  }

  /**
   * What a step of a {@code train} declaration takes; empty where the program has errors, or all
   * data are one batch.
   */
  public Optional<Footprint> footprint(String name) {
    return programs(Optional.of(name), Map.of())
        .value()
        .flatMap(
            set ->
                set.plan().batch() instanceof TrainingPlan.Batch.Examples(int count)
                    ? Optional.of(Footprint.of(set, count))
                    : Optional.empty());
  }

  /** The searches of a {@code train} declaration: numbers that {@code nn tune} chooses. */
  public List<Search> searches(String name) {
    return Semantics.searches(workspace.value(), name);
  }

  /** The name of the {@code train} declaration that is meant. */
  public Checked<Optional<String>> trainName(Optional<String> name) {
    return Trains.choose(workspace.value(), name);
  }

  private Checked<Optional<Typed.Training>> typed(
      Optional<String> name, Map<String, String> replaced) {
    var broken = errors();
    if (broken.isPresent()) {
      return new Checked<>(Optional.empty(), broken.get());
    }
    return trainName(name)
        .then(
            chosen ->
                chosen.isEmpty()
                    ? Checked.of(Optional.empty())
                    : Semantics.training(workspace.value(), chosen.get(), replaced));
  }

  private Checked<Optional<TrainingProgramSet>> programs(
      Optional<String> name, Map<String, String> replaced) {
    return typed(name, replaced)
        .then(
            typed ->
                typed.isEmpty()
                    ? Checked.of(Optional.empty())
                    : TrainingCompiler.programs(typed.get()));
  }

  /** One declaration on given tensors, with gradients where they are asked for. */
  public Checked<Optional<Evaluation.Result>> evaluate(
      Evaluation.Request request, Options options, int threads) throws Evaluation.Misfit {
    var broken = errors();
    return broken.isPresent()
        ? new Checked<>(Optional.empty(), broken.get())
        : Evaluator.evaluate(workspace.value(), request, options, threads);
  }

  /**
   * The derivative of a declaration as text of the language.
   *
   * @param settings its config, as it would be written
   */
  public Checked<String> derivative(String name, Map<String, String> settings) {
    var broken = errors();
    return broken.isPresent()
        ? new Checked<>("", broken.get())
        : Derivative.of(workspace.value(), name, settings);
  }

  /**
   * What a stage makes of a program of a {@code train} declaration, or of another declaration.
   *
   * @param name of the declaration; may be left out where the file has one {@code train}
   * @param program {@code step}, {@code evaluate}, ...
   * @param stage one of {@link Pipeline#names}
   */
  public Checked<String> explain(Optional<String> name, String program, String stage) {
    return chosen(name, program)
        .map(found -> found.map(c -> Pipeline.text(c.program(), stage)).orElse(""));
  }

  /** How a program is laid out on a device, and how exact products are there. */
  public Checked<String> explainOnDevice(
      Optional<String> name, String program, Options.Rounding rounding) {
    return chosen(name, program)
        .map(found -> found.map(c -> Pipeline.onDevice(c.program(), rounding)).orElse(""));
  }

  /**
   * Where a program, chosen as above, keeps its tensors.
   *
   * @param sizes of open dimensions; the batch is that of the plan if it is not given
   */
  public Checked<Optional<MemoryMap>> memory(
      Optional<String> name, String program, Map<String, Long> sizes) {
    return memory(name, program, sizes, (p, known) -> Schedule.forms(p).of(known));
  }

  /** The same on a device. */
  public Checked<Optional<MemoryMap>> memoryOnDevice(
      Optional<String> name, String program, Map<String, Long> sizes) {
    return memory(name, program, sizes, (p, _) -> Pipeline.planOnDevice(p));
  }

  private Checked<Optional<MemoryMap>> memory(
      Optional<String> name,
      String program,
      Map<String, Long> sizes,
      BiFunction<Program, Map<String, Long>, Plan> schedule) {
    return chosen(name, program)
        .map(
            found ->
                found.map(
                    c -> {
                      var known = new HashMap<>(sizes);
                      c.batch().ifPresent(count -> known.putIfAbsent(BATCH, count));
                      return MemoryMap.of(schedule.apply(Pipeline.run(c.program()), known), known);
                    }));
  }

  /**
   * A program of a {@code train} declaration, compiled for the processor to be measured.
   *
   * @param name which {@code train}; may be left out where the file has one
   * @param replaced as for {@link #training}
   * @param program {@code step}, {@code evaluate}, ...
   */
  public Checked<Optional<Measurable.Compiled>> measurable(
      Optional<String> name,
      Map<String, String> replaced,
      String program,
      Options.Precision precision) {
    var bytecode = new Options(precision, Options.Backend.BYTECODE);
    return measurable(
        name, replaced, program, bytecode, (all, p) -> Measurable.compiled(all, p, precision));
  }

  /** The same for a device. */
  public Checked<Optional<Measurable.Offloaded>> measurable(
      Optional<String> name,
      Map<String, String> replaced,
      String program,
      Options.Precision precision,
      Options.Backend.Kernels on) {
    var bytecode = new Options(precision, Options.Backend.BYTECODE);
    return measurable(
        name, replaced, program, bytecode, (all, p) -> Measurable.offloaded(all, p, precision, on));
  }

  /**
   * @param others what runs the other programs of the plan
   */
  private <M extends Measurable> Checked<Optional<M>> measurable(
      Optional<String> name,
      Map<String, String> replaced,
      String program,
      Options others,
      BiFunction<CompiledTraining, Program, M> compiled) {
    return programs(name, replaced)
        .then(
            set ->
                set.isEmpty()
                    ? Checked.of(Optional.empty())
                    : program(set.get(), program)
                        .map(
                            found ->
                                found.map(
                                    p ->
                                        compiled.apply(
                                            TrainingCompiler.whole(set.get(), others), p))));
  }

  private static final String BATCH = "batch";

  /**
   * A program before all stages.
   *
   * @param batch of the plan that it belongs to
   */
  private record Chosen(Program program, Optional<Long> batch) {}

  private Checked<Optional<Chosen>> chosen(Optional<String> name, String program) {
    var kind = name.flatMap(workspace.value()::kindOf);
    if (kind.isPresent() && !kind.get().equals("train")) {
      var broken = errors();
      return broken.isPresent()
          ? new Checked<>(Optional.empty(), broken.get())
          : Derivative.program(workspace.value(), name.get(), Map.of())
              .map(p -> p.map(found -> new Chosen(found, Optional.empty())));
    }
    return programs(name, Map.of())
        .then(
            set -> {
              if (set.isEmpty()) {
                return Checked.of(Optional.empty());
              }
              return program(set.get(), program)
                  .map(found -> found.map(p -> new Chosen(p, batch(set.get()))));
            });
  }

  /** A program by its name, or the problem that a plan has none of that name. */
  private Checked<Optional<Program>> program(TrainingProgramSet set, String name) {
    var found = named(set, name);
    var there = PROGRAMS.stream().filter(p -> named(set, p).isPresent()).toList();
    return found.isPresent()
        ? Checked.of(found)
        : new Checked<>(
            Optional.empty(),
            List.of(
                new RequestProblem.NoSuchName(
                    workspace.value().name(),
                    "program",
                    name,
                    NearNames.near(name, there),
                    there)));
  }

  private static Optional<Long> batch(TrainingProgramSet set) {
    return set.plan().batch() instanceof TrainingPlan.Batch.Examples(int count)
        ? Optional.of((long) count)
        : Optional.empty();
  }

  private static final List<String> PROGRAMS =
      List.of(
          "fit",
          "initial",
          "step",
          "evaluate",
          "metrics",
          "predict",
          "validate",
          "accumulate",
          "watch",
          "schedules");

  /** The programs of a plan are named by their ports' documentation: step, evaluate, ... */
  private static Optional<Program> named(TrainingProgramSet set, String program) {
    return switch (program) {
      case "fit" -> set.fit();
      case "initial" -> Optional.of(set.initial());
      case "step" -> Optional.of(set.step());
      case "evaluate" -> Optional.of(set.evaluate());
      case "metrics" -> set.metrics();
      case "predict" -> Optional.of(set.predict());
      case "validate" -> set.validate();
      case "accumulate" -> set.accumulate();
      case "watch" -> set.watch();
      case "schedules" -> set.schedules();
      default -> Optional.empty();
    };
  }
}
