package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Problems;
import dev.nnlang.compiler.recursion.DeepStack;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Search;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.bodies.Engine;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.semantics.plans.Overrides;
import dev.nnlang.compiler.semantics.plans.Settings;
import dev.nnlang.compiler.semantics.plans.TrainBuilder;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The face of the package: checking a workspace, and instantiating one of its declarations. */
public final class Semantics {
  private Semantics() {}

  /** The settings that a {@code train} may have. */
  public static List<String> settings() {
    return Settings.NAMES;
  }

  /**
   * All problems of the user's files: every declaration by itself, and every use (LR-15).
   *
   * @param earlier what was found before; it is in the result, too
   */
  public static List<Problem> check(Workspace workspace, List<Problem> earlier) {
    return inspect(workspace, earlier, Known.NOTHING).problems();
  }

  /**
   * The same problems, with what was found out about the places of the text.
   *
   * @param known from the last check of a program that is being edited; whatever it is, the answer
   *     is the same
   */
  public static Inspected inspect(Workspace workspace, List<Problem> earlier, Known known) {
    return DeepStack.run(
        () -> {
          var recheck = Recheck.of(workspace, known, earlier.isEmpty());
          Engine engine;
          Generic.Outcome found;
          do {
            engine =
                Engine.checking(
                    workspace,
                    e ->
                        symbol ->
                            DeepStack.run(() -> new Generic(e).check(recheck.around(symbol))));
            found = new Generic(engine).check(recheck.asked());
          } while (recheck.asksMore(engine, found));
          var problems = RootCauses.withoutEchoes(earlier, engine.problems(), workspace.units());
          return new Inspected(
              Problems.ordered(problems), engine.findings(), recheck.known(found.clean()));
        });
  }

  /**
   * A {@code train} declaration and all that it uses.
   *
   * @param overrides settings and configs by name, as they would be written
   * @return empty where it failed; the problems say why
   */
  public static Checked<Optional<Typed.Training>> training(
      Workspace workspace, String name, Map<String, String> overrides) {
    return DeepStack.run(
        () -> {
          var engine = Engine.making(workspace);
          var symbol = workspace.find(name).filter(s -> s.declaration() instanceof Ast.Train);
          var training =
              symbol.flatMap(s -> new TrainBuilder(engine, s, new Overrides(overrides)).build());
          return new Checked<>(training, Problems.ordered(engine.problems()));
        });
  }

  /** The numbers of a plan that are to be searched for. */
  public static List<Search> searches(Workspace workspace, String name) {
    return DeepStack.run(
        () -> {
          var engine = Engine.making(workspace);
          return workspace
              .find(name)
              .filter(s -> s.declaration() instanceof Ast.Train)
              .map(s -> new TrainBuilder(engine, s, Overrides.NONE).searches())
              .orElse(List.of());
        });
  }

  /**
   * One declaration with its config, for inputs of these types: what {@code nn run} evaluates. The
   * leading dimensions beyond the declared ones, the batch, are not part of the types.
   *
   * @param config values by name, as they would be written
   * @param inputs in order; empty where an input is left to its default
   * @return empty where it failed; the problems say why
   */
  public static Checked<Optional<Typed.Instance>> instance(
      Workspace workspace,
      String name,
      Map<String, Ast.Expr> config,
      List<Optional<Typed.Type>> inputs,
      Mode mode) {
    return DeepStack.run(
        () -> {
          var engine = Engine.making(workspace);
          var instance = new Instances(engine).of(name, config, inputs, mode);
          return new Checked<>(instance, Problems.ordered(engine.problems()));
        });
  }

  /** A derivative, asked for at a place, of what does not depend on its variable there (LR-6). */
  public static Problem independent(Span at, String of, String by) {
    return new EquationProblem.GradIndependent(at, of, by, Optional.empty(), at);
  }
}
