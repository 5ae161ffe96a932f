package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.cpu.Lanes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The same command in a process that computes in vectors. The launcher starts a short command in a
 * JVM without the Vector API, which is there in half of the time; when there turns out to be much
 * to compute, the command is started again, and this process waits.
 */
final class VectorProcess {
  /** The launcher's own file, where it has started this JVM without vectors. */
  private static final String LAUNCHER = "nn.launcher";

  /** Asks the launcher for the JVM with vectors. */
  private static final String WANTED = "NN_VECTORS";

  /** How many operations on reals are done without vectors, at most. */
  private static final String OPERATIONS = "nn.quick.operations";

  /**
   * With so many both take the same time (BENCHMARKS.md, "Cold start, size, memory"): a start of
   * the other process until its kernels are compiled as long as one lane computes.
   */
  private static final long MOST = 20_000_000_000L;

  private VectorProcess() {}

  /** Whether so many operations are better done there. */
  static boolean isWorth(long operations) {
    return operations > Long.getLong(OPERATIONS, MOST)
        && !Lanes.areVectors()
        && isProgram(Path.of(System.getProperty(LAUNCHER, "")))
        && System.getenv(WANTED) == null;
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /** Runs a command line there; gives its exit status. */
  static int run(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(System.getProperty(LAUNCHER));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put(WANTED, "1");
    try {
      var process = builder.start();
      // Whoever ends this process means that one.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return process.waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("the launcher cannot be started again", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
