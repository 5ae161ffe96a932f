package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Search;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.problem.ProblemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code nn tune}: tries values for every {@code search(...)} of a plan. By successive halving: all
 * trials run a little, the better third goes on three times as long, until the best have run the
 * whole plan. Source: Jamieson and Talwalkar 2016.
 */
@Command(
    name = "tune",
    description = "Explore the search(...) of a plan, or the forms of its kernels.")
final class TuneCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private static final int ONE_IN = 3;
  private static final int GRID_POINTS = 4;

  @Mixin private Output output;
  @Mixin private PlanOptions plan;

  @Parameters(paramLabel = "FILE", description = "The .nn file.")
  private Path file;

  @Option(names = "--trials", paramLabel = "N", description = "How many are drawn; default 9.")
  private int trials = 9;

  @Option(names = "--grid", description = "All combinations, instead of drawn ones.")
  private boolean grid;

  @Option(names = "--seed", paramLabel = "N", description = "Of the draws; default 0.")
  private long seed;

  @Option(
      names = "--kernels",
      description =
          "Time every form that the matrix products of the plan can have on this machine, and keep"
              + " those that are faster than what the cost model chooses. Results stay the same.")
  private boolean kernels;

  @Override
  public Integer call() {
    if (kernels) {
      tuneKernels();
      return ExitStatus.DONE.code();
    }
    var compilation = Compiler.open(ProgramFiles.read(file), new ProgramFiles(file));
    output.require(compilation.check().stream().filter(p -> p.code().startsWith("E")).toList());
    var name = compilation.trainName(plan.train);
    output.require(name.problems());
    var searches = compilation.searches(name.value().orElseThrow());
    if (searches.isEmpty()) {
      throw new Reported(new CommandProblem.NothingToTune(file.toString(), name.value().get()));
    }
    var fixed = PlanOptions.pairs(plan.settings);
    var left = new ArrayList<Trial>();
    try {
      for (var chosen : choices(searches)) {
        var settings = new LinkedHashMap<>(fixed);
        settings.putAll(chosen);
        var compiled = compilation.training(plan.train, settings, plan.options());
        output.require(
            compiled.problems().stream().filter(p -> !p.code().equals("H0601")).toList());
        var training = compiled.value().orElseThrow();
        var data =
            DataSet.open(
                training.data(),
                PlanOptions.folders(file.toAbsolutePath().normalize().getParent()),
                plan.options().precision().element());
        left.add(new Trial(chosen, training, data, plan.threads()));
      }
      explore(left);
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
    return ExitStatus.DONE.code();
  }

  private void tuneKernels() {
    for (var other : List.of("--trials", "--grid", "--seed")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(other)) {
        throw misuse("--kernels and " + other + " do not go together");
      }
    }
    if (!(plan.options().backend() instanceof Options.Backend.Bytecode)) {
      throw misuse("--kernels is for the processor, without --device or --interpret");
    }
    var compilation = Compiler.open(ProgramFiles.read(file), new ProgramFiles(file));
    try {
      new KernelTuning(output, plan, file).run(compilation);
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private void explore(List<Trial> all) {
    long whole = all.getFirst().epochs();
    var left = new ArrayList<>(all);
    int rungs = 0;
    for (int n = all.size(); n >= ONE_IN; n /= ONE_IN) {
      rungs++;
    }
    for (int rung = rungs; rung >= 0; rung--) {
      long until = Math.max(1, Math.round(whole / Math.pow(ONE_IN, rung)));
      for (var trial : left) {
        trial.runTo(rung == 0 ? whole : until);
        said(trial);
      }
      left.sort(Trial::compareTo);
      if (rung > 0) {
        left.subList(Math.max(1, left.size() / ONE_IN), left.size()).clear();
      }
    }
    report(all, left.getFirst());
  }

  private void said(Trial trial) {
    if (output.json) {
      output.out().println(trial.json("trial"));
      output.out().flush();
    }
  }

  private void report(List<Trial> all, Trial best) {
    if (output.json) {
      output.out().println(best.json("best"));
      return;
    }
    var sorted = new ArrayList<>(all);
    sorted.sort((a, b) -> a == best ? -1 : b == best ? 1 : a.compareTo(b));
    var names = List.copyOf(best.chosen().keySet());
    var head = new ArrayList<>(names);
    head.add("epochs");
    head.add(best.figureName());
    var rows = new ArrayList<List<String>>();
    rows.add(head);
    for (var trial : sorted) {
      var row = new ArrayList<>(names.stream().map(n -> shown(trial.chosen().get(n))).toList());
      row.add(Long.toString(trial.done()));
      row.add(trial.failed() ? "failed" : TrainingView.number(trial.figure()));
      rows.add(row);
    }
    for (var row : rows) {
      var text = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        int column = c;
        int width = rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0);
        text.append(c == 0 ? "" : "  ").append(" ".repeat(width - row.get(c).length()));
        text.append(row.get(c));
      }
      output.out().println(row == head ? output.paint(Output.Ink.DIM, text.toString()) : text);
    }
    var settings =
        best.chosen().entrySet().stream()
            .map(e -> " --set " + e.getKey() + "=" + shown(e.getValue()))
            .collect(Collectors.joining());
    output
        .out()
        .println(
            output.paint(Output.Ink.GREEN, "best: ")
                + "nn train "
                + file
                + plan.train.map(n -> " --train " + n).orElse("")
                + settings);
  }

  private static String shown(String value) {
    try {
      return value.matches("-?[0-9_]+") ? value : TrainingView.number(Double.parseDouble(value));
    } catch (NumberFormatException _) {
      return value;
    }
  }

  private List<Map<String, String>> choices(List<Search> searches) {
    return grid ? combinations(searches) : drawn(searches);
  }

  private List<Map<String, String>> drawn(List<Search> searches) {
    var random = new SplittableRandom(seed);
    var all = new ArrayList<Map<String, String>>();
    for (int i = 0; i < Math.max(1, trials); i++) {
      var chosen = new LinkedHashMap<String, String>();
      for (var search : searches) {
        chosen.put(
            search.name(),
            switch (search) {
              case Search.Choice c -> c.items().get(random.nextInt(c.items().size()));
              case Search.Interval range -> short3(range, random.nextDouble());
            });
      }
      all.add(chosen);
    }
    return all;
  }

  private static List<Map<String, String>> combinations(List<Search> searches) {
    var all = new ArrayList<Map<String, String>>();
    all.add(Map.of());
    for (var search : searches) {
      var values =
          switch (search) {
            case Search.Choice c -> c.items();
            case Search.Interval range -> {
              var points = new ArrayList<String>();
              for (int i = 0; i < GRID_POINTS; i++) {
                points.add(short3(range, i / (GRID_POINTS - 1.0)));
              }
              yield points.stream().distinct().toList();
            }
          };
      var more = new ArrayList<Map<String, String>>();
      for (var before : all) {
        for (var value : values) {
          var chosen = new LinkedHashMap<>(before);
          chosen.put(search.name(), value);
          more.add(chosen);
        }
      }
      all = more;
    }
    return all;
  }

  /** Four digits are enough to choose by, and are what the best settings are shown with. */
  private static String short3(Search.Interval range, double share) {
    return range.whole() ? range.at(share) : shown(range.at(share));
  }
}
