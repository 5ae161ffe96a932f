package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One checking of one workspace: its problems, its file-level values, the bodies being made. */
public final class Engine {
  private static final int MOST_FORKS = 5;

  private final Workspace workspace;
  private final Typer typer = new Typer();
  private final Globals globals = new Globals(this);
  private final Bodies bodies = new Bodies(typer);
  private final GradientFlow gradients = new GradientFlow(this);
  private final Findings findings;
  private final Set<Symbol> broken = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Symbol> making = new ArrayList<>();
  private final Set<String> open = new HashSet<>();
  private List<Problem> problems = new ArrayList<>();
  private boolean generic;
  private boolean askedForTraining;
  private List<Boolean> forks = List.of();
  private int forksTaken;
  private final Map<Making, Made<Typed.Body>> made = new HashMap<>();
  private final Map<Symbol, Made<Optional<Typed.Data>>> data = new IdentityHashMap<>();
  private final boolean remembers;
  private int usesMatter;
  private final List<OpenObligation> undecided = new ArrayList<>();
  private final Map<Symbol, Set<Map<String, Value>>> uses = new IdentityHashMap<>();
  private final Map<Span, Boolean> fallbacks = new LinkedHashMap<>();
  private Set<Told> told = new LinkedHashSet<>();

  /** An engine that makes every body anew, for programs that run. */
  public static Engine making(Workspace workspace) {
    return new Engine(workspace, false, _ -> _ -> {});
  }

  /**
   * One that only checks: what was made without a word is not made again.
   *
   * @param finder gives what checks a declaration whose findings are asked for later
   */
  public static Engine checking(Workspace workspace, Function<Engine, Consumer<Symbol>> finder) {
    return new Engine(workspace, true, finder);
  }

  private Engine(
      Workspace workspace, boolean remembers, Function<Engine, Consumer<Symbol>> finder) {
    this.workspace = workspace;
    this.remembers = remembers;
    this.findings = new Findings(workspace, finder.apply(this));
  }

  // What was made before.

  /** All that a body that went well depends on. */
  private record Making(
      Symbol symbol,
      Map<String, Value> settings,
      List<Optional<Typed.Type>> inputs,
      Facts facts,
      Set<String> open,
      Optional<Mode> mode) {}

  /** With what making it has told others: it is told again where the result is taken again. */
  record Made<T>(T result, Set<Told> told) {}

  /** What follows looks at what a use gives beyond its types: not to be taken for another use. */
  void dependsOnUse() {
    usesMatter++;
  }

  /**
   * The body that a maker gives for inputs of these types. While checking it is made once, if
   * nothing was reported, left to uses, or decided by what only this use knows.
   */
  Typed.Body remembered(
      Value.Maker maker,
      List<Optional<Typed.Type>> inputs,
      Frame caller,
      Mode mode,
      Supplier<Typed.Body> make) {
    if (!remembers) {
      return make.get();
    }
    var anyMode =
        new Making(
            maker.symbol(),
            maker.settings(),
            inputs,
            caller.facts(),
            Set.copyOf(open),
            Optional.empty());
    var known = made.get(anyMode);
    if (known != null) {
      return again(known);
    }
    var ofMode =
        new Making(
            anyMode.symbol,
            anyMode.settings,
            inputs,
            anyMode.facts,
            anyMode.open,
            Optional.of(mode));
    known = made.get(ofMode);
    if (known != null) {
      askedForTraining = true;
      return again(known);
    }
    int said = problems.size();
    int taken = forksTaken;
    int left = undecided.size();
    int matter = usesMatter;
    boolean asked = askedForTraining;
    askedForTraining = false;
    var making = making(make);
    var body = making.result();
    boolean isPlain =
        problems.size() == said
            && forksTaken == taken
            && undecided.size() == left
            && usesMatter == matter;
    if (body != null && isPlain) {
      made.put(askedForTraining ? ofMode : anyMode, making);
    }
    askedForTraining |= asked;
    return body;
  }

  /** Data without config, which are the same for every plan: made, and reported on, once. */
  public Optional<Typed.Data> data(Symbol symbol, Supplier<Optional<Typed.Data>> make) {
    if (!remembers) {
      return make.get();
    }
    var known = data.get(symbol);
    if (known == null) {
      known = making(make);
      data.put(symbol, known);
      return known.result();
    }
    return again(known);
  }

  <T> Made<T> making(Supplier<T> work) {
    var outer = told;
    told = new LinkedHashSet<>();
    try {
      return new Made<>(work.get(), told);
    } finally {
      outer.addAll(told);
      told = outer;
    }
  }

  <T> T again(Made<T> known) {
    known.told().forEach(this::tell);
    return known.result();
  }

  public Workspace workspace() {
    return workspace;
  }

  public Typer typer() {
    return typer;
  }

  public Globals globals() {
    return globals;
  }

  public Bodies bodies() {
    return bodies;
  }

  /** What derivatives in bodies and plans depend on. */
  public GradientFlow gradients() {
    return gradients;
  }

  public Findings findings() {
    return findings;
  }

  /** Declarations that are being instantiated, outermost first. */
  public List<Symbol> making() {
    return making;
  }

  /** Dimensions of the outermost body that only the run knows (LR-26). */
  public Set<String> open() {
    return open;
  }

  // Problems.

  public void report(Problem problem) {
    problems.add(problem);
  }

  public List<Problem> problems() {
    return problems;
  }

  /** Without reporting: for a look ahead whose failure is no one's fault yet. */
  public <T> T quietly(Supplier<T> work) {
    var outer = problems;
    problems = new ArrayList<>();
    try {
      return work.get();
    } finally {
      problems = outer;
    }
  }

  /** Whether work reports an error; nothing of it is kept. */
  boolean failing(Supplier<?> work) {
    var outer = problems;
    problems = new ArrayList<>();
    try {
      work.get();
      return hasErrors(problems);
    } finally {
      problems = outer;
    }
  }

  public static boolean hasErrors(List<Problem> problems) {
    return problems.stream().anyMatch(p -> p.severity() == Severity.ERROR);
  }

  /** A declaration with errors of its own: its uses say nothing more about its inside. */
  public void markBroken(Symbol symbol) {
    broken.add(symbol);
  }

  public boolean isBroken(Symbol symbol) {
    return broken.contains(symbol);
  }

  // Generic checking.

  boolean isGeneric() {
    return generic;
  }

  /** Starts a run in which dimensions are symbols and these forks are taken, in order. */
  public void startGeneric(List<Boolean> taken) {
    generic = true;
    forks = taken;
    forksTaken = 0;
    askedForTraining = false;
  }

  public void endGeneric() {
    generic = false;
    open.clear();
  }

  /** The way to take where symbols leave a static condition open: first all true. */
  boolean fork() {
    boolean way = forksTaken >= forks.size() || forks.get(forksTaken);
    forksTaken++;
    return way;
  }

  /** The next run's forks, where one is left: the last true that was taken becomes false. */
  public Optional<List<Boolean>> nextForks() {
    var taken = new ArrayList<Boolean>();
    for (int i = 0; i < Math.min(forksTaken, MOST_FORKS); i++) {
      taken.add(i >= forks.size() || forks.get(i));
    }
    while (!taken.isEmpty() && !taken.getLast()) {
      taken.removeLast();
    }
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    taken.set(taken.size() - 1, false);
    return Optional.of(taken);
  }

  void askedForTraining() {
    askedForTraining = true;
  }

  public boolean wasAskedForTraining() {
    return askedForTraining;
  }

  // What is said at the end, when every use has been seen.

  /** An obligation that neither proof nor small sizes decide, of a declaration by itself. */
  private record OpenObligation(Symbol of, EquationProblem.Undecided problem) {}

  void undecided(Symbol of, Span at, String what) {
    undecided.add(new OpenObligation(of, new EquationProblem.Undecided(at, of.name(), what)));
    tell(new Told.Open(of));
  }

  /** A declaration used with these settings; those it has by default are not among them. */
  void use(Symbol symbol, Map<String, Value> settings) {
    tell(new Told.Used(symbol, settings));
  }

  public Set<Map<String, Value>> uses(Symbol symbol) {
    return uses.getOrDefault(symbol, Set.of());
  }

  /** A {@code ??} that some body needs, or one that this body does not need. */
  void fallback(Span read, boolean isNeeded) {
    tell(new Told.Outside(read, isNeeded));
  }

  private void tell(Told what) {
    told.add(what);
    switch (what) {
      case Told.Used(var symbol, var settings) ->
          uses.computeIfAbsent(symbol, _ -> new LinkedHashSet<>()).add(settings);
      case Told.Outside(var read, var isNeeded) ->
          fallbacks.merge(read, isNeeded, Boolean::logicalOr);
      case Told.Open _ -> {}
    }
  }

  /** What some work tells other declarations, in order. */
  public Set<Told> told(Runnable work) {
    return making(
            () -> {
              work.run();
              return true;
            })
        .told();
  }

  /**
   * Warns of what only a use could decide where there is none, hints at needless {@code ??}.
   *
   * @param asked declarations of which all uses have been seen
   */
  public void conclude(Set<Symbol> asked) {
    for (var obligation : undecided) {
      boolean isOpen = uses(obligation.of()).isEmpty() && !obligation.of().unit().isLibrary();
      if (isOpen && asked.contains(obligation.of())) {
        report(obligation.problem());
      }
    }
    fallbacks.forEach(
        (read, isNeeded) -> {
          if (!isNeeded && asked.stream().anyMatch(s -> Symbol.holds(s, read))) {
            report(new EquationProblem.NeverNeeded(read));
          }
        });
  }
}
