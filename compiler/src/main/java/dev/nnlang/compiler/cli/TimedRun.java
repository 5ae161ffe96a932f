package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Measurable;
import dev.nnlang.runtime.cpu.KernelTimes;
import dev.nnlang.runtime.cpu.MeasuredForms;
import dev.nnlang.runtime.gpu.DeviceName;
import dev.nnlang.runtime.gpu.LaunchTimes;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.IndexOutside;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.tensor.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a program until all of it is compiled, and then for a while to see what takes long. */
final class TimedRun {
  private static final double SECONDS = 2;

  /** However long a run takes, so many are measured. */
  private static final int LEAST_RUNS = 3;

  private static final ElementType REAL = ElementType.F32;

  private final Output output;
  private final Path file;
  private final Optional<Long> wanted;

  /**
   * @param wanted examples of a run, if not those of the plan's batch
   */
  TimedRun(Output output, Path file, Optional<Long> wanted) {
    this.output = output;
    this.file = file;
    this.wanted = wanted;
  }

  /**
   * Measures a program on the processor.
   *
   * @throws ProblemException where data are there and wrong
   */
  TimeTable.Measured of(Measurable.Compiled compiled, int threads) throws ProblemException {
    var times = new KernelTimes(System::nanoTime);
    var given = inputs(compiled, threads);
    var program = compiled.of(given.batch);
    try (var session = program.program().open(threads, times, MeasuredForms.ofUser())) {
      run(session, program.program(), given, times::clear);
    }
    var lines = new ArrayList<TimeTable.Line>();
    for (var share : times.shares()) {
      var product = share.product();
      lines.add(
          new TimeTable.Line(
              share.number(),
              share.what(),
              share.nanos(),
              program.kernels().get(share.number()),
              product.map(p -> p.shape().toString()),
              product.map(p -> p.form().toString())));
    }
    var where = new TimeTable.Where.Threads(threads);
    return measured(program, where, given, times.runs(), lines);
  }

  /** The same on a device, for which other programs run on these threads. */
  TimeTable.Measured of(Measurable.Offloaded program, DeviceName device, int threads)
      throws ProblemException {
    var times = new LaunchTimes();
    var given = inputs(program, threads);
    try (var session = program.program().timed(times)) {
      run(session, program.program(), given, times::clear);
    }
    var lines = new ArrayList<TimeTable.Line>();
    for (var share : times.shares()) {
      lines.add(
          new TimeTable.Line(
              share.number(),
              share.what(),
              share.nanos(),
              program.kernels().get(share.what()),
              Optional.empty(),
              Optional.of(share.kernel())));
    }
    var where = new TimeTable.Where.Device(device.toString(), program.rounded());
    return measured(program, where, given, times.runs(), lines);
  }

  private static TimeTable.Measured measured(
      Measurable program,
      TimeTable.Where where,
      Given given,
      int runs,
      List<TimeTable.Line> lines) {
    return new TimeTable.Measured(
        program.name(), given.batch, where, given.inputs.missing().isPresent(), runs, lines);
  }

  /** What a program is given, and how many examples. */
  private record Given(MeasuredInputs inputs, long batch) {}

  private Given inputs(Measurable program, int threads) throws ProblemException {
    long batch = wanted.orElseGet(() -> MeasuredInputs.batch(program.plan().plan()));
    var inputs = MeasuredInputs.of(program.plan(), file, REAL, batch, threads);
    if (!output.json) {
      inputs.missing().ifPresent(data -> output.err().println(MeasuredInputs.note(data)));
    }
    return new Given(inputs, batch);
  }

  /**
   * @param warmed called before the first run that counts
   */
  private void run(Session session, Executable program, Given given, Runnable warmed)
      throws ProblemException {
    var bar = new ProgressBar(output, "measuring", (long) (1e3 * SECONDS));
    try {
      given.inputs.bind(session, program.signature(), given.batch);
      warm(session, given.inputs, bar);
      warmed.run();
      measure(session, bar);
    } catch (IndexOutside outside) {
      throw outside.problem().thrown();
    } finally {
      bar.hide();
    }
  }

  private static void warm(Session session, MeasuredInputs inputs, ProgressBar bar) {
    var warmth = new Warmth();
    while (!warmth.isReached()) {
      long start = System.nanoTime();
      session.run();
      warmth.ran(System.nanoTime() - start);
      bar.at(0, "warming up");
    }
    inputs.reset();
  }

  private static void measure(Session session, ProgressBar bar) {
    long start = System.nanoTime();
    double now = 0;
    for (int run = 0; run < LEAST_RUNS || now < SECONDS; run++) {
      session.run();
      now = (System.nanoTime() - start) / 1e9;
      bar.at((long) (1e3 * Math.min(now, SECONDS)), "");
    }
  }
}
