package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.bodies.Findings;
import java.util.List;

/**
 * A checked program, as editors want it.
 *
 * @param problems all of them, in order
 * @param findings what was found out about places of the text
 * @param known what the next check, after an edit, need not look at again
 */
public record Inspected(List<Problem> problems, Findings findings, Known known) {
  public Inspected {
    problems = List.copyOf(problems);
  }
}
