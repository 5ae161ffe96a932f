package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Bindings;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a program of two forms in the one for as many examples as are bound. A form has buffers of
 * its own, from the first run in it on.
 */
final class ChosenSession implements MeasuredSession {
  private final CompiledProgram program;
  private final CompiledProgram.Many many;
  private final int threads;
  private final Optional<KernelTimes> times;
  private final ProductForms forms;
  private final Bindings bindings;
  private final Map<String, Tensor> bound = new LinkedHashMap<>();
  private final Map<String, Long> stated = new LinkedHashMap<>();
  private Optional<CpuSession> forFew = Optional.empty();
  private Optional<CpuSession> forMany = Optional.empty();

  /** The one of the last run; null before the first. */
  private CpuSession chosen;

  ChosenSession(
      CompiledProgram program,
      CompiledProgram.Many many,
      int threads,
      Optional<KernelTimes> times,
      ProductForms forms) {
    this.program = program;
    this.many = many;
    this.threads = threads;
    this.times = times;
    this.forms = forms;
    this.bindings = new Bindings(program.signature());
  }

  @Override
  public void bind(String input, Tensor value) {
    bindings.bind(input, value);
    bound.put(input, value);
    if (chosen != null) {
      chosen.bind(input, value);
    }
  }

  @Override
  public void dimension(String name, long size) {
    bindings.dimension(name, size);
    stated.put(name, size);
    if (chosen != null) {
      chosen.dimension(name, size);
    }
  }

  @Override
  public void run() {
    choose();
    chosen.run();
  }

  @Override
  public long operations() {
    choose();
    return chosen.operations();
  }

  @Override
  public void chooseAgain() {
    forFew.ifPresent(CpuSession::chooseAgain);
    forMany.ifPresent(CpuSession::chooseAgain);
  }

  private void choose() {
    if (bindings.isSettled()) {
      return;
    }
    var next = bindings.settle().get(many.dim()) < many.least() ? few() : many();
    if (next != chosen) {
      stated.forEach(next::dimension);
      bound.forEach(next::bind);
      chosen = next;
    }
  }

  private CpuSession few() {
    if (forFew.isEmpty()) {
      forFew = Optional.of(new CpuSession(program, threads, times, forms));
    }
    return forFew.get();
  }

  private CpuSession many() {
    if (forMany.isEmpty()) {
      forMany = Optional.of(new CpuSession(program.forMany(), threads, times, forms));
    }
    return forMany.get();
  }

  @Override
  public Tensor output(String name) {
    return chosen.output(name);
  }

  @Override
  public void close() {
    forFew.ifPresent(CpuSession::close);
    forMany.ifPresent(CpuSession::close);
  }

  /** For messages. */
  @Override
  public String toString() {
    return program.signature().name() + bindings.dims();
  }
}
