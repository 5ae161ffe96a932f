package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.cpu.Lanes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The same command in a process that compiles the program, keeps it, and ends. The JVM of a
 * training counts all that runs, for its second compiler, and has that compiler kernels to make;
 * one that does neither compiles a program in half of the time, and takes with it the memory that
 * it needed. It is the JVM of short commands, which also has no Vector API, but is told how many
 * lanes this one has.
 */
final class CompilingProcess {
  /** The file of options for its JVM; the launcher names it. */
  private static final String OPTIONS = "nn.compiler.options";

  /** Its start-up cache, if there is one. */
  private static final String CACHE = "nn.compiler.cache";

  /** Says in that process that it is one. */
  static final String COMPILES = "nn.compiles";

  private CompilingProcess() {}

  /** Whether this process is to compile and no more. */
  static boolean isThis() {
    return Boolean.getBoolean(COMPILES);
  }

  /** Whether there can be such a process. */
  static boolean isThere() {
    return !isThis() && Files.isRegularFile(Path.of(System.getProperty(OPTIONS, "")));
  }

  /** Has a command line compiled there; whether that went well. What is wrong it does not say. */
  static boolean run(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + System.getProperty(OPTIONS));
    var cache = System.getProperty(CACHE, "");
    if (!cache.isEmpty()) {
      command.add("-XX:AOTCache=" + cache);
    }
    command.add("-D" + Lanes.PROPERTY + "=" + Lanes.inFloats());
    command.add("-D" + COMPILES + "=true");
    for (var name : List.of("nn.home", KeptFile.FOLDER)) {
      command.add("-D" + name + "=" + System.getProperty(name, ""));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    try {
      var nothing = ProcessBuilder.Redirect.DISCARD;
      var process =
          new ProcessBuilder(command)
              .redirectInput(new File(System.getProperty(OPTIONS)))
              .redirectOutput(nothing)
              .redirectError(nothing)
              .start();
      // Whoever ends this process means that one, too.
      var end = new Thread(process::destroy);
      Runtime.getRuntime().addShutdownHook(end);
      int status = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(end);
      return status == 0;
    } catch (IOException | IllegalStateException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
