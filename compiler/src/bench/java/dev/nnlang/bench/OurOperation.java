package dev.nnlang.bench;

import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.Pipeline;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.stdlib.StandardLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A single operation, compiled for its sizes, with its inputs. */
final class OurOperation {
  private OurOperation() {}

  static Task task(Operation operation, int threads) {
    var inputs = OperationInputs.of(operation);
    var program = compile(operation, inputs);
    var session = program.open(threads);
    inputs.forEach(session::bind);
    session.run();
    var output = program.signature().outputs().getFirst().name();
    OperationCheck.check(operation, inputs, session.output(output).floats());
    return new Task() {
      @Override
      public void run() {
        session.run();
      }

      @Override
      public void close() {
        session.close();
      }
    };
  }

  private static Executable compile(Operation operation, Map<String, Tensor> inputs) {
    var name =
        switch (operation) {
          case Operation.Product _ -> "product";
          case Operation.OnRows(var kind, _, _) -> kind.word();
        };
    var types = inputs.values().stream().map(OurOperation::type).map(Optional::of).toList();
    var instance = Semantics.instance(workspace(), name, Map.of(), types, Mode.INFERENCE);
    var typed = instance.value().orElseThrow(() -> Ours.failed(instance.problems()));
    var alone = new Elaborate.Run(List.of(), inputs.keySet(), Phase.INFERENCE, Set.of());
    return Pipeline.executable(Elaborate.run(typed, alone), Options.standard());
  }

  private static Typed.Type type(Tensor tensor) {
    var shape = Arrays.stream(tensor.shape()).mapToObj(n -> Dimension.of(Poly.of(n))).toList();
    return new Typed.Type(new Typed.Element.Real(), shape);
  }

  private static Workspace workspace() {
    var file = Row.SOURCES.resolve("operations.nn");
    try {
      var library =
          StandardLibrary.files().stream()
              .map(f -> Parser.parse(new SourceFile(f.name(), f.text())).value())
              .toList();
      var parsed = Parser.parse(new SourceFile(file.toString(), Files.readString(file))).value();
      return Workspace.of(parsed, library, Sources.none()).value();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
