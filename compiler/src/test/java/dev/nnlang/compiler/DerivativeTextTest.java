package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Formatter;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * {@code nn diff} of everything differentiable in the library and of every model of the examples:
 * the text is formatted, checks without errors and warnings, and gives on random inputs the
 * gradients that the compiler itself gives.
 */
@Execution(ExecutionMode.CONCURRENT)
class DerivativeTextTest {
  private static final Options GENERATED =
      new Options(Options.Precision.f64, Options.Backend.BYTECODE);

  @Test
  void theLibrarysDerivativesCompileAgain() {
    var library = RandomUse.library();
    var faults = new ArrayList<String>();
    for (var function : RandomUse.differentiable()) {
      faults.addAll(compare(library, function));
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void theModelsDerivativesCompileAgain() {
    var faults = new ArrayList<String>();
    for (var source : dev.nnlang.compiler.Sources.all().entrySet()) {
      var file = Parser.parse(new SourceFile(source.getKey(), source.getValue())).value();
      var workspace = Workspace.of(file, Library.files(), Sources.none()).value();
      for (var declaration : file.declarations()) {
        if (declaration instanceof Ast.Function f && f.kind() == Ast.Kind.MODEL) {
          faults.addAll(compare(workspace, f));
        }
      }
    }
    assertEquals(List.of(), faults);
  }

  private static List<String> compare(Workspace workspace, Ast.Function function) {
    var name = function.name().text();
    try {
      var random = new Random(name.hashCode());
      var wish =
          new RandomUse.Wish(
              Phase.INFERENCE, RandomUse.Wish.NONE, r -> 0.05 + 0.9 * r.nextDouble(), false);
      var use = RandomUse.draw(workspace, function, wish, random);
      return use.isEmpty()
          ? List.of(name + ": no sizes were found that it accepts")
          : compare(workspace, use.get(), random);
    } catch (Evaluation.Misfit misfit) {
      return List.of("%s: %s; %s".formatted(name, misfit.getMessage(), misfit.mend()));
    } catch (RuntimeException | Error e) {
      return List.of("%s: %s at %s".formatted(name, e, List.of(e.getStackTrace())));
    }
  }

  private static List<String> compare(Workspace workspace, RandomUse use, Random random)
      throws Evaluation.Misfit {
    var name = use.function().name().text();
    var text = Derivative.of(workspace, name, use.settings());
    if (text.hasErrors()) {
      return List.of(use + ": " + text.problems());
    }
    var file = new SourceFile(name + ".nn", text.value());
    var compilation = Compiler.open(file, Sources.none());
    var problems = compilation.check().stream().filter(p -> p.severity() != Severity.HINT).toList();
    if (!problems.isEmpty()) {
      var shown = new TerminalRenderer(TerminalRenderer.Colour.NONE).render(problems);
      return List.of(use + ":\n" + shown + text.value());
    }
    assertEquals(text.value(), Formatter.format(file).value());
    var faults = new ArrayList<String>();
    var program = GivenDraws.of(use.program(Phase.INFERENCE, true));
    var executable = Pipeline.executable(program, GENERATED);
    var values = ProgramRun.values(use, executable, random);
    var expected = ProgramRun.of(executable, values);
    var written = written(compilation, values);
    var request = Evaluation.Request.of("derivative_of_" + name.toLowerCase(), written);
    var result = compilation.evaluate(request, GENERATED, 1);
    if (result.value().isEmpty()) {
      return List.of(use + ": " + result.problems() + "\n" + text.value());
    }
    expected.forEach(
        (output, gradient) -> {
          if (output.startsWith("gradient/")) {
            var got = result.value().get().outputs().get(asWritten(output));
            if (got == null || !same(gradient, got)) {
              faults.add(use + ": " + output + " is " + got + "\n" + text.value());
            }
          }
        });
    return faults;
  }

  /** The values of those inputs that the text has. */
  private static Map<String, Tensor> written(Compilation compilation, Map<String, Tensor> values) {
    var written = new LinkedHashMap<String, Tensor>();
    values.forEach((name, value) -> written.put(asWritten(name), value));
    for (var name : compilation.workspace().declarations().keySet()) {
      if (compilation.workspace().declaration(name).orElseThrow() instanceof Ast.Function f) {
        written.keySet().retainAll(f.inputs().stream().map(p -> p.name().text()).toList());
      }
    }
    return written;
  }

  private static String asWritten(String name) {
    var text = name.replaceAll("[^A-Za-z0-9_]", "_");
    return Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private static boolean same(Tensor a, Tensor b) {
    for (int k = 0; k < a.size(); k++) {
      double x = a.get(k);
      double y = b.get(k);
      boolean equal = x == y || Double.isNaN(x) && Double.isNaN(y);
      if (!equal && !(Math.abs(x - y) <= 1e-9 * (1 + Math.abs(x)))) {
        return false;
      }
    }
    return a.size() == b.size();
  }
}
