package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.Footprint;
import dev.nnlang.compiler.picture.Costs;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.CodeLens;
import org.eclipse.lsp4j.Command;

/**
 * The lines above a {@code model} (how many parameters, what training it takes, how big it is when
 * saved) and a {@code train} (run it, overfit first, stop).
 */
final class Lenses {
  static final String RUN = "nn.train.run";
  static final String OVERFIT = "nn.train.overfit";
  static final String STOP = "nn.train.stop";
  static final String DRAW = "nn.showNetwork";

  private Lenses() {}

  /**
   * Both kinds of lenses; what a plan takes is worked out when the editor shows it.
   *
   * @param running names of plans of this document that are being trained
   */
  static List<CodeLens> of(Analysis analysis, List<String> running) {
    var lenses = new ArrayList<CodeLens>();
    for (var declaration : analysis.tree().declarations()) {
      switch (declaration) {
        case Ast.Function f when f.kind() == Ast.Kind.MODEL -> model(f, analysis, lenses);
        case Ast.Train t -> train(t, analysis, running, lenses);
        default -> {}
      }
    }
    return lenses;
  }

  private static void model(Ast.Function f, Analysis analysis, List<CodeLens> lenses) {
    var found = analysis.costs(f);
    if (found.isEmpty()) {
      return;
    }
    var costs = found.get();
    var range = analysis.positions().range(f.name().span());
    var uri = analysis.document().uri();
    var name = f.name().text();
    lenses.add(
        new CodeLens(
            range,
            new Command(
                Costs.count(costs.parameters())
                    + " parameters · "
                    + Costs.count(costs.operations())
                    + " FLOPs an example",
                DRAW,
                List.of(uri, name)),
            null));
    plan(f, analysis)
        .ifPresent(t -> lenses.add(new CodeLens(range, null, List.of(uri, t.name().text(), name))));
    lenses.add(
        new CodeLens(
            range,
            new Command("saved: " + saved(costs.parameters()), DRAW, List.of(uri, name)),
            null));
  }

  /** The weights of the saved model; its code is small beside them. */
  private static String saved(Poly parameters) {
    return Costs.bytes(parameters.times(4));
  }

  private static Optional<Ast.Train> plan(Ast.Function model, Analysis analysis) {
    for (var declaration : analysis.tree().declarations()) {
      boolean isPlan =
          declaration instanceof Ast.Train t
              && analysis.names().callee(t.model()).filter(m -> m == model).isPresent();
      if (isPlan) {
        return Optional.of((Ast.Train) declaration);
      }
    }
    return Optional.empty();
  }

  /** What a plan takes, as the title of its lens. */
  static Command memory(Optional<Footprint> footprint, String uri, String model) {
    var title =
        footprint
            .map(f -> "training: " + Costs.bytes(f.total()) + " at batch " + f.batch())
            .orElse("training: not known");
    return new Command(title, DRAW, List.of(uri, model));
  }

  private static void train(
      Ast.Train t, Analysis analysis, List<String> running, List<CodeLens> lenses) {
    var range = analysis.positions().range(t.name().span());
    var arguments = List.<Object>of(analysis.document().uri(), t.name().text());
    if (running.contains(t.name().text())) {
      lenses.add(new CodeLens(range, new Command("■ Stop", STOP, arguments), null));
      return;
    }
    lenses.add(new CodeLens(range, new Command("▶ Run", RUN, arguments), null));
    lenses.add(new CodeLens(range, new Command("Overfit first", OVERFIT, arguments), null));
  }
}
