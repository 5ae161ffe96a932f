package dev.nnlang.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ModuleTest {

  /**
   * Were the tests on the class path, a missing {@code requires} or {@code opens} would not show.
   */
  @Test
  void testsRunInsideTheNamedModule() {
    assertEquals("dev.nnlang.runtime", ModuleTest.class.getModule().getName());
  }
}
