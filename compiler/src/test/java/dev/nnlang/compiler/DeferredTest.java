package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A program of a plan is compiled when it is first opened, and once. */
class DeferredTest {
  private static final String TEXT =
      """
      program twice()
        input x: real[3] data
        y[i: 3] = x[i] + x[i]   -- twice
        output y = y
      """;

  @Test
  void isCompiledOnceWhenItIsOpened() {
    var program = EquationParser.parse(TEXT, new Nodes());
    var compilations = new AtomicInteger();
    var deferred =
        new Deferred(
            Border.of(program, ElementType.F32),
            () -> {
              compilations.incrementAndGet();
              return Pipeline.executable(program, Options.standard());
            },
            new Object());
    assertEquals("twice", deferred.signature().name());
    assertEquals(0, compilations.get());
    for (int run = 0; run < 2; run++) {
      try (var session = deferred.open(1)) {
        session.bind("x", Tensor.of(new float[] {1, 2, 3}, 3));
        session.run();
        assertEquals(6, session.output("y").get(2));
      }
    }
    assertEquals(1, compilations.get());
    assertTrue(deferred.now() instanceof CompiledProgram);
    assertEquals(deferred.now().signature(), deferred.signature());
  }
}
