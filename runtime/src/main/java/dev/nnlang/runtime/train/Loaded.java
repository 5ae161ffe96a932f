package dev.nnlang.runtime.train;

import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;

/** A stored program, whose classes are defined when somebody wants to run it. */
final class Loaded implements Executable {
  private final CompiledProgram.Parts parts;
  private CompiledProgram program;

  Loaded(CompiledProgram.Parts parts) {
    this.parts = parts;
  }

  @Override
  public Signature signature() {
    return parts.signature();
  }

  @Override
  public synchronized Session open(int threads) {
    if (program == null) {
      program = new CompiledProgram(parts);
    }
    return program.open(threads);
  }
}
