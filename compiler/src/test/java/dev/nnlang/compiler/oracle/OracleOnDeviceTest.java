package dev.nnlang.compiler.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.codegen.gpu.TestDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of the reference set through kernels on a device, at the set's own tolerances. */
class OracleOnDeviceTest {
  static boolean present() {
    return OracleSet.folder().isPresent() && TestDevice.present();
  }

  @ParameterizedTest
  @ValueSource(strings = {"activation", "loss", "layer", "optimizer", "tensor", "model"})
  @EnabledIf("present")
  void casesPass(String category, @TempDir Path folder) {
    var options = new Options(Options.Precision.f32, new Options.Backend.Kernels(TestDevice.get()));
    var failures = new ArrayList<String>();
    int passed = 0;
    for (var each : OracleSet.cases()) {
      if (each.category().equals(category)) {
        var outcome = OracleTest.run(each, options, folder);
        if (outcome.isPresent() && !outcome.get().isEmpty()) {
          failures.add(each.id() + ": " + String.join("; ", outcome.get()));
        } else if (outcome.isPresent()) {
          passed++;
        }
      }
    }
    assertEquals(List.of(), failures);
    assertTrue(passed > 0);
    System.out.println("reference cases on a device: " + category + " " + passed);
  }
}
