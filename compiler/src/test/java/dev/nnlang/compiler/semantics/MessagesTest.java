package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.CaseProgram;
import dev.nnlang.compiler.Cases;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each kind of problem with the very text of its message. */
class MessagesTest {
  @TestFactory
  Stream<DynamicTest> messages() {
    return Cases.in("semantics/messages", input -> CaseProgram.of(input).messages());
  }
}
