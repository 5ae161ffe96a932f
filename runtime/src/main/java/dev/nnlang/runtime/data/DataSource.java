package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.ProblemException;

/**
 * Reads one source. The readers of the language are such, and a program may name any public class
 * with a public constructor without arguments: {@code source x[N] = com.acme.Sensor("log")}.
 * Checking a program never loads the class (LR-53).
 */
public interface DataSource {
  /**
   * Reads everything. The caller checks shape, finiteness and index ranges.
   *
   * @throws ProblemException that names the file and, where the format has lines, line and column
   */
  SourceData read(SourceRequest request) throws ProblemException;
}
