package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.codegen.jvm.JvmBackend;
import dev.nnlang.compiler.codegen.jvm.Precision;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.RandomPrograms;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.source.SourceFile;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** HotSpot compiles no method above 8,000 bytes; ours stay well below. */
class MethodSizeTest {
  private static final int MOST = 6_000;

  private final List<String> large = new ArrayList<>();
  private int methods;
  private int examples;

  @Test
  void ofTheExamples() throws Exception {
    try (var files = Files.list(Path.of("../examples"))) {
      for (var file : files.filter(f -> f.toString().endsWith(".nn")).sorted().toList()) {
        var source = new SourceFile(file.toString(), Files.readString(file));
        var compilation = Compiler.open(source, Sources.none());
        var name = compilation.trainName(Optional.empty()).value();
        if (name.isPresent()) {
          var typed = Semantics.training(compilation.workspace(), name.get(), Map.of());
          typed
              .value()
              .ifPresent(
                  plan -> {
                    check(
                        file.getFileName().toString(),
                        Pipeline.run(Elaborate.training(plan).step()));
                    examples++;
                  });
        }
      }
    }
    assertTrue(examples >= 8, "examples looked at: " + examples);
    assertTrue(methods > 1000, "methods looked at: " + methods);
    assertEquals(List.of(), large);
  }

  @Test
  void ofRandomPrograms() {
    for (long seed = 0; seed < 500; seed++) {
      check("seed " + seed, RandomPrograms.program(seed).program());
    }
    assertTrue(methods > 1000, "methods looked at: " + methods);
    assertEquals(List.of(), large);
  }

  private void check(String what, Program program) {
    for (var bytes : JvmBackend.classFiles(Schedule.plan(program), Precision.F32)) {
      for (var method : ClassFile.of().parse(bytes).methods()) {
        int size = method.code().map(c -> ((CodeAttribute) c).codeLength()).orElse(0);
        methods++;
        if (size > MOST) {
          large.add(what + ": " + method.methodName().stringValue() + " has " + size);
        }
      }
    }
  }
}
