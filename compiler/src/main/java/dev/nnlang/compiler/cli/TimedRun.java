package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Measurable;
import dev.nnlang.runtime.cpu.KernelTimes;
import dev.nnlang.runtime.cpu.MeasuredForms;
import dev.nnlang.runtime.cpu.MeasuredSession;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.IndexOutside;
import dev.nnlang.runtime.tensor.ElementType;
import java.nio.file.Path;
import java.util.Optional;

/** Runs a program until HotSpot has compiled it, and then for a while to see what takes long. */
final class TimedRun {
  private static final double SECONDS = 2;

  /** However long a run takes, so many are measured. */
  private static final int LEAST_RUNS = 3;

  private final Output output;
  private final Path file;
  private final int threads;

  TimedRun(Output output, Path file, int threads) {
    this.output = output;
    this.file = file;
    this.threads = threads;
  }

  /**
   * Measures a program.
   *
   * @param wanted examples of a run, if not those of the plan's batch
   * @throws ProblemException where data are there and wrong
   */
  TimeTable.Measured of(Measurable program, Optional<Long> wanted) throws ProblemException {
    long batch = wanted.orElseGet(() -> MeasuredInputs.batch(program.plan().plan()));
    var inputs = MeasuredInputs.of(program.plan(), file, ElementType.F32, batch, threads);
    if (!output.json) {
      inputs.missing().ifPresent(data -> output.err().println(MeasuredInputs.note(data)));
    }
    var times = new KernelTimes(System::nanoTime);
    var bar = new ProgressBar(output, "measuring", (long) (1e3 * SECONDS));
    try (var session = program.program().open(threads, times, MeasuredForms.ofUser())) {
      inputs.bind(session, program.program().signature(), batch);
      warm(session, inputs, bar);
      times.clear();
      measure(session, bar);
    } catch (IndexOutside outside) {
      throw outside.problem().thrown();
    } finally {
      bar.hide();
    }
    return new TimeTable.Measured(
        program.name(),
        batch,
        threads,
        inputs.missing().isPresent(),
        times.runs(),
        times.shares(),
        program.kernels());
  }

  private static void warm(MeasuredSession session, MeasuredInputs inputs, ProgressBar bar) {
    var warmth = new Warmth();
    while (!warmth.isReached()) {
      long start = System.nanoTime();
      session.run();
      warmth.ran(System.nanoTime() - start);
      bar.at(0, "warming up");
    }
    inputs.reset();
  }

  private static void measure(MeasuredSession session, ProgressBar bar) {
    long start = System.nanoTime();
    double now = 0;
    for (int run = 0; run < LEAST_RUNS || now < SECONDS; run++) {
      session.run();
      now = (System.nanoTime() - start) / 1e9;
      bar.at((long) (1e3 * Math.min(now, SECONDS)), "");
    }
  }
}
