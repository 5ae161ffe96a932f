package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.CompiledTraining;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.runtime.data.Catalogue;
import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.problem.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of all commands that work on a {@code train} block. */
final class PlanOptions {
  @Option(
      names = "--train",
      paramLabel = "NAME",
      description = "Which train block, where the file has several.")
  Optional<String> train = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description =
          "Replace a setting of the plan or of its optimizer: --set lr=1e-2, or Name.lr=1e-2.")
  List<String> settings = List.of();

  @Option(
      names = "--precision",
      paramLabel = "f32|f64",
      description = "Bits of a real; default f32.")
  Options.Precision precision = Options.Precision.f32;

  @Mixin private ThreadsOption threads;

  @Mixin private DeviceOption device;

  Options options() {
    return options(precision);
  }

  /** The options of a run in the precision that something was saved in. */
  Options options(Options.Precision saved) {
    return device.options(saved);
  }

  /** What was asked for, as arguments, but for the number of threads: it changes no result. */
  List<String> arguments() {
    var arguments = new ArrayList<String>();
    train.ifPresent(name -> arguments.addAll(List.of("--train", name)));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    if (precision != Options.Precision.f32) {
      arguments.addAll(List.of("--precision", precision.name()));
    }
    arguments.addAll(device.arguments());
    return arguments;
  }

  int threads() {
    return threads.threads();
  }

  /** {@code name=value} pairs; a malformed one ends the command. */
  static Map<String, String> pairs(List<String> settings) {
    var pairs = new LinkedHashMap<String, String>();
    for (var setting : settings) {
      int cut = setting.indexOf('=');
      if (cut <= 0 || cut == setting.length() - 1) {
        throw unread(setting, "\"" + setting + "\" is no name=value");
      }
      var previous =
          pairs.put(setting.substring(0, cut).strip(), setting.substring(cut + 1).strip());
      if (previous != null) {
        throw unread(setting, setting.substring(0, cut) + " is set twice");
      }
    }
    return pairs;
  }

  private static Reported unread(String setting, String why) {
    return new Reported(
        new CommandProblem.BadSetting(
            "--set", setting, why, "write --set name=value, such as --set lr=1e-2"));
  }

  /** The compiled plan, or the end of the command. */
  CompiledTraining compile(Compilation compilation, Map<String, String> replaced, Output output) {
    var compiled = compilation.training(train, replaced, options());
    output.require(compiled.problems());
    return compiled.value().orElseThrow();
  }

  /** Where data that programs share may lie: {@code $NN_DATA}, and the examples' folder. */
  static List<Path> shared() {
    var shared = new ArrayList<Path>();
    var own = System.getenv("NN_DATA");
    if (own != null && !own.isBlank()) {
      shared.add(Path.of(own));
    }
    var home = Path.of(System.getProperty("nn.home", "."));
    shared.add(home.resolve("examples").resolve("data"));
    shared.add(home.resolve("..").resolve("shared").resolve("data").normalize());
    return shared;
  }

  /** Where the data of a program may lie. */
  static DataFolders folders(Path programFolder) {
    var home = Path.of(System.getProperty("nn.home", "."));
    var catalogue = home.resolve("examples").resolve("data").resolve("catalogue.csv");
    try {
      var known = Files.exists(catalogue) ? Catalogue.read(catalogue) : Catalogue.empty();
      return new DataFolders(programFolder, shared(), known.known(), NearNames::nearest);
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
  }
}
