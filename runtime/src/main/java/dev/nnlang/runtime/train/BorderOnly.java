package dev.nnlang.runtime.train;

import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;

/** A program of which only the border was stored, by which weights are judged. */
record BorderOnly(Signature signature) implements Executable {
  @Override
  public Session open(int threads) {
    throw new IllegalStateException(signature.name() + " was not stored");
  }
}
