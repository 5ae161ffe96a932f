package dev.nnlang.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One row by one engine; which ones, {@link Plan} says. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RowBenchmark {
  @Param("mlp/train_b128")
  private String row;

  @Param("OURS")
  private Engine engine;

  @Param("1")
  private int workers;

  private Task task;

  /** Compiles, loads, and compares numbers: a mismatch ends the run before anything is timed. */
  @Setup(Level.Trial)
  public void open() {
    task = engine.open(Row.named(row), workers);
  }

  @Setup(Level.Iteration)
  public void reset() {
    task.reset();
  }

  @Benchmark
  public void run() {
    task.run();
  }

  @TearDown(Level.Trial)
  public void close() {
    task.close();
  }
}
