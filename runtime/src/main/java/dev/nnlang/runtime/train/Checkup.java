package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.train.TrainingEvent.Warning;
import dev.nnlang.runtime.train.TrainingPlan.Site;
import dev.nnlang.runtime.train.TrainingPlan.Watched;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a run's health now and then: after steps 1, 2, 4, ... 64, and after every 64 from there
 * on, so that it costs about a step in sixty. What it sees is said once for each place, and only
 * when it was seen twice in a row: a network that has just begun may look sick and be well.
 */
final class Checkup implements AutoCloseable {
  private static final long RARELY = 64;
  private static final int IN_A_ROW = 2;

  /** A gradient this much smaller than the greatest one will not move its weights. */
  private static final double VANISHED = 1e-4;

  /** A gradient this much larger than its weights moves them by their own size in one step. */
  private static final double EXPLODED = 100;

  private static final double MOST_FLAT = 0.9;
  private static final double MOST_DEAD = 0.5;

  /** On fewer examples, a unit may be 0 for all of them by chance. */
  private static final int ENOUGH_EXAMPLES = 16;

  private final Watched watched;
  private final BoundProgram program;
  private final Map<String, Integer> seen = new HashMap<>();
  private final Set<String> said = new HashSet<>();

  private Checkup(Watched watched, BoundProgram program) {
    this.watched = watched;
    this.program = program;
  }

  /** Present where the plan watches something. */
  static Optional<Checkup> of(
      TrainingPlan plan,
      TrainingPrograms programs,
      DataSet data,
      Weights weights,
      long steps,
      int threads) {
    if (plan.watch().isEmpty() || programs.watch().isEmpty()) {
      return Optional.empty();
    }
    var program = new BoundProgram(programs.watch().get(), threads, data, weights.byInput());
    program.scalar("seed", plan.seed());
    program.scalar("steps", steps);
    return Optional.of(new Checkup(plan.watch().get(), program));
  }

  static boolean isDue(long step) {
    return step % RARELY == 0 || step < RARELY && Long.bitCount(step) == 1;
  }

  /** Warnings about a step that was just taken on these examples. */
  List<Warning> look(long step, long epoch, long[] order, int from, int to) {
    run(step, order, from, to);
    var warnings = new ArrayList<Warning>();
    for (var sickness : Sickness.values()) {
      if (watched.looksFor(sickness)) {
        switch (sickness) {
          case NAN -> notFinite(step, epoch, warnings);
          case VANISHING -> vanishing(step, epoch, warnings);
          case EXPLODING -> exploding(step, epoch, warnings);
          case SATURATED -> saturated(step, epoch, warnings);
          case DEAD -> {
            if (to - from >= ENOUGH_EXAMPLES) {
              dead(step, epoch, warnings);
            }
          }
        }
      }
    }
    return warnings;
  }

  /** Where numbers first stop being such, once the loss is none; empty where nothing shows it. */
  Optional<String> firstNotFinite(long step, long[] order, int from, int to) {
    run(step, order, from, to);
    for (var site : watched.parameters()) {
      if (!Double.isFinite(figure("parameter/" + site.name()))) {
        return Optional.of(
            "the parameter %s is not finite any more (%s)".formatted(site.name(), site.at()));
      }
    }
    for (var site : watched.activations()) {
      if (!Double.isFinite(figure(site.port() + "/size"))) {
        return Optional.of(
            "first not finite: what %s is given (%s)".formatted(site.name(), site.at()));
      }
    }
    return Optional.empty();
  }

  private void run(long step, long[] order, int from, int to) {
    program.scalar("step", step);
    program.run(order, from, to);
  }

  private double figure(String output) {
    return program.output(output).get(0);
  }

  /** Parameters that are multiplied with something: of a bias the size says little. */
  private List<Site> weights() {
    return watched.weights().isEmpty() ? watched.parameters() : watched.weights();
  }

  private double gradient(Site site) {
    return figure("gradient/" + site.name());
  }

  private void notFinite(long step, long epoch, List<Warning> warnings) {
    for (var site : watched.parameters()) {
      if (!Double.isFinite(gradient(site)) && first(Sickness.NAN, site, 1)) {
        warnings.add(
            new Warning(
                Sickness.NAN,
                step,
                epoch,
                site,
                gradient(site),
                "the gradient of %s is not finite".formatted(site.name())));
        return;
      }
    }
  }

  private void vanishing(long step, long epoch, List<Warning> warnings) {
    var greatest = weights().stream().max(Comparator.comparingDouble(this::gradient)).orElseThrow();
    var least = weights().stream().min(Comparator.comparingDouble(this::gradient)).orElseThrow();
    double share = gradient(least) / gradient(greatest);
    // A first layer that starts at 0 has its reasons: so all of a run's start is waited for.
    boolean sick = share < VANISHED && Double.isFinite(gradient(greatest));
    if (sees(sick, Sickness.VANISHING, least, IN_A_ROW + 1)) {
      warnings.add(
          new Warning(
              Sickness.VANISHING,
              step,
              epoch,
              least,
              share,
              "the gradient vanishes on its way back: it is %s at %s, and %s at %s"
                  .formatted(
                      number(gradient(least)),
                      least.name(),
                      number(gradient(greatest)),
                      greatest.name())));
    }
  }

  private void exploding(long step, long epoch, List<Warning> warnings) {
    Site worst = null;
    double most = 0;
    for (var site : watched.weights()) {
      double size = figure("parameter/" + site.name());
      double ratio = gradient(site) / size;
      if (size > 0 && ratio > most) {
        most = ratio;
        worst = site;
      }
    }
    if (worst != null && sees(most > EXPLODED, Sickness.EXPLODING, worst, 1)) {
      warnings.add(
          new Warning(
              Sickness.EXPLODING,
              step,
              epoch,
              worst,
              most,
              "the gradient explodes: it is %s at %s, %s times the size of its weights"
                  .formatted(number(gradient(worst)), worst.name(), number(most))));
    }
  }

  private void saturated(long step, long epoch, List<Warning> warnings) {
    for (var site : watched.activations()) {
      double flat = figure(site.port() + "/flat");
      boolean sick = !isRectifier(site) && flat > MOST_FLAT;
      if (sees(sick, Sickness.SATURATED, site, IN_A_ROW)) {
        warnings.add(
            new Warning(
                Sickness.SATURATED,
                step,
                epoch,
                site,
                flat,
                "%s is saturated: %s of what it is given lies where it is flat, up to %s"
                    .formatted(site.name(), percent(flat), number(figure(site.port() + "/size")))));
      }
    }
  }

  private void dead(long step, long epoch, List<Warning> warnings) {
    for (var site : watched.activations()) {
      double dead = figure(site.port() + "/dead");
      boolean sick = isRectifier(site) && dead > MOST_DEAD;
      if (sees(sick, Sickness.DEAD, site, IN_A_ROW)) {
        warnings.add(
            new Warning(
                Sickness.DEAD,
                step,
                epoch,
                site,
                dead,
                "%s of the units of %s are dead: their slope is 0 for every example"
                    .formatted(percent(dead), site.name())));
      }
    }
  }

  /** An activation that is flat on one side by design: only there can a unit die. */
  private boolean isRectifier(Site site) {
    return (figure(site.port() + "/left") == 0) != (figure(site.port() + "/right") == 0);
  }

  /** Whether something was seen often enough in a row, and not said before. */
  private boolean sees(boolean sick, Sickness sickness, Site site, int inARow) {
    if (!sick) {
      seen.remove(key(sickness, site));
      return false;
    }
    return first(sickness, site, inARow);
  }

  private boolean first(Sickness sickness, Site site, int inARow) {
    var key = key(sickness, site);
    return seen.merge(key, 1, Integer::sum) >= inARow && said.add(key);
  }

  private static String key(Sickness sickness, Site site) {
    return sickness + " " + site.name();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 1e-2 ? "%.1e" : "%.3g", value);
  }

  @Override
  public void close() {
    program.close();
  }
}
