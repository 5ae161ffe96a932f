package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** One checking of one workspace: its problems, its file-level values, the bodies being made. */
final class Engine {
  private static final int MOST_FORKS = 5;

  private final Workspace workspace;
  private final Typer typer = new Typer();
  private final Globals globals = new Globals(this);
  private final Bodies bodies = new Bodies(typer);
  private final Set<Symbol> broken = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Symbol> making = new ArrayList<>();
  private final Set<String> open = new HashSet<>();
  private List<Problem> problems = new ArrayList<>();
  private boolean generic;
  private boolean askedForTraining;
  private List<Boolean> forks = List.of();
  private int forksTaken;
  private final List<EquationProblem.Undecided> undecided = new ArrayList<>();

  Engine(Workspace workspace) {
    this.workspace = workspace;
  }

  Workspace workspace() {
    return workspace;
  }

  Typer typer() {
    return typer;
  }

  Globals globals() {
    return globals;
  }

  Bodies bodies() {
    return bodies;
  }

  /** Declarations that are being instantiated, outermost first. */
  List<Symbol> making() {
    return making;
  }

  /** Dimensions of the outermost body that only the run knows (LR-26). */
  Set<String> open() {
    return open;
  }

  // Problems.

  void report(Problem problem) {
    problems.add(problem);
  }

  List<Problem> problems() {
    return problems;
  }

  /** Without reporting: for a look ahead whose failure is no one's fault yet. */
  <T> T quietly(Supplier<T> work) {
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

  static boolean hasErrors(List<Problem> problems) {
    return problems.stream().anyMatch(p -> p.severity() == Severity.ERROR);
  }

  /** A declaration with errors of its own: its uses say nothing more about its inside. */
  void markBroken(Symbol symbol) {
    broken.add(symbol);
  }

  boolean isBroken(Symbol symbol) {
    return broken.contains(symbol);
  }

  // Generic checking.

  boolean isGeneric() {
    return generic;
  }

  /** Starts a run in which dimensions are symbols and these forks are taken, in order. */
  void startGeneric(List<Boolean> taken) {
    generic = true;
    forks = taken;
    forksTaken = 0;
    askedForTraining = false;
  }

  void endGeneric() {
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
  Optional<List<Boolean>> nextForks() {
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

  boolean wasAskedForTraining() {
    return askedForTraining;
  }

  void undecided(Frame frame, Span at, String what) {
    undecided.add(new EquationProblem.Undecided(at, what));
  }

  List<EquationProblem.Undecided> undecided() {
    return undecided;
  }
}
