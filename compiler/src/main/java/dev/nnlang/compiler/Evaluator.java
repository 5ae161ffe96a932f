package dev.nnlang.compiler;

import dev.nnlang.compiler.Evaluation.Given;
import dev.nnlang.compiler.Evaluation.Misfit;
import dev.nnlang.compiler.Evaluation.Request;
import dev.nnlang.compiler.Evaluation.Result;
import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.IndexOutside;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles one declaration for given tensors, binds them, and runs it once. */
final class Evaluator {
  private final Request request;
  private final Options options;
  private final int threads;
  private final List<String> notes = new ArrayList<>();

  private Evaluator(Request request, Options options, int threads) {
    this.request = request;
    this.options = options;
    this.threads = threads;
  }

  static Checked<Optional<Result>> evaluate(
      Workspace workspace, Request request, Options options, int threads) throws Misfit {
    return new Evaluator(request, options, threads).evaluate(workspace);
  }

  private Checked<Optional<Result>> evaluate(Workspace workspace) throws Misfit {
    var declaration = workspace.declaration(request.name());
    if (declaration.isEmpty()) {
      var near = NearNames.near(request.name(), workspace.names());
      return missing(
          new RequestProblem.NoSuchName(
              workspace.name(), "declaration", request.name(), near, List.of()));
    }
    if (!(declaration.get() instanceof Ast.Function function) || function.kind() == Ast.Kind.INIT) {
      return missing(
          new RequestProblem.WrongKind(
              workspace.name(),
              request.name(),
              workspace.kindOf(request.name()).orElse("declaration"),
              "what maps tensors to tensors"));
    }
    var shapes = InputShapes.of(function, request);
    var mode =
        switch (request.phase()) {
          case TRAINING -> Mode.TRAINING;
          case INFERENCE -> Mode.INFERENCE;
        };
    var instance =
        ConfigText.parse(request.settings())
            .then(
                config ->
                    Semantics.instance(workspace, request.name(), config, shapes.types(), mode));
    if (instance.value().isEmpty()) {
      return new Checked<>(Optional.empty(), instance.problems());
    }
    inside(instance.value().get().body());
    var program = program(instance.value().get(), shapes);
    var independent = Independence.problems(program);
    if (!independent.isEmpty()) {
      return new Checked<>(Optional.empty(), independent);
    }
    var result = run(instance.value().get(), program);
    return new Checked<>(Optional.of(result), instance.problems());
  }

  /** Every value given for an index is one, be it read as a subscript or not. */
  private void inside(Typed.Body body) throws Misfit {
    for (var input : body.inputs()) {
      var tensor = request.inputs().get(input.name());
      if (tensor == null
          || !(input.type().element() instanceof Typed.Element.IndexOf(var dimension))
          || !dimension.size().isConstant()) {
        continue;
      }
      long size = dimension.size().constantTerm();
      for (int i = 0; i < tensor.size(); i++) {
        double value = tensor.get(i);
        if (value < 0 || value >= size) {
          throw new Misfit(
              Given.INPUTS,
              "%s holds %d, which is not in 0 .. %d"
                  .formatted(input.name(), (long) value, size - 1),
              "");
        }
      }
    }
  }

  private static Checked<Optional<Result>> missing(RequestProblem problem) {
    return new Checked<>(Optional.empty(), List.of(problem));
  }

  private Program program(Typed.Instance instance, InputShapes shapes) throws Misfit {
    var outputs = instance.body().outputs().stream().map(Typed.Variable::name).toList();
    for (var name : request.upstream().keySet()) {
      if (!outputs.contains(name)) {
        throw new Misfit(
            Given.UPSTREAM,
            "a gradient is given for " + name + ", which is no output of " + request.name(),
            "the outputs are " + String.join(", ", outputs));
      }
    }
    var phase =
        switch (request.phase()) {
          case TRAINING -> Phase.TRAINING;
          case INFERENCE -> Phase.INFERENCE;
        };
    var how =
        new Elaborate.Run(shapes.batch(), shapes.shared(), phase, request.upstream().keySet());
    return Elaborate.run(instance, how);
  }

  private Result run(Typed.Instance instance, Program program) throws Misfit {
    var executable = Pipeline.executable(program, options);
    try (var session = executable.open(threads)) {
      var bound = bind(session, executable, instance);
      session.run();
      return result(session, executable, bound);
    } catch (IndexOutside outside) {
      throw new Misfit(Given.INPUTS, outside.getMessage(), "");
    }
  }

  /** Binds everything; gives the tensors that a run may update. */
  private Map<String, Tensor> bind(Session session, Executable executable, Typed.Instance instance)
      throws Misfit {
    var bound = new LinkedHashMap<String, Tensor>();
    Map<String, Tensor> initial = null;
    for (var port : executable.signature().inputs()) {
      switch (port.role()) {
        case SCALAR -> session.bind(port.name(), scalar(port.name()));
        case DATA, SOURCE -> session.bind(port.name(), fitting(port, data(port.name())));
        case PARAMETER, FROZEN, STATE, OPTIMIZER -> {
          var given = request.parameters().get(port.name());
          if (given == null) {
            if (initial == null) {
              initial = initialValues(instance);
            }
            given = initial.get(port.name());
            notes.add(port.name() + " comes from its initialiser");
          }
          var own = fitting(port, given).copy();
          bound.put(port.name(), own);
          session.bind(port.name(), own);
        }
        case OUTPUT -> throw new IllegalStateException("an output among the inputs: " + port);
      }
    }
    for (var name : request.parameters().keySet()) {
      if (!bound.containsKey(name)) {
        throw new Misfit(
            Given.PARAMETERS,
            request.name() + " has no parameter or state " + name,
            bound.isEmpty() ? "it has none" : "it has " + String.join(", ", bound.keySet()));
      }
    }
    return bound;
  }

  private long scalar(String name) {
    return switch (name) {
      case "seed" -> request.seed();
      // At inference the step is 0, so that predictions repeat (LR-29).
      case "step" -> request.phase() == Evaluation.Phase.TRAINING ? request.step() : 0;
      case "steps" -> request.steps();
      default -> throw new IllegalStateException("no scalar " + name);
    };
  }

  private Tensor data(String name) {
    return name.startsWith("upstream/")
        ? request.upstream().get(name.substring("upstream/".length()))
        : request.inputs().get(name);
  }

  private static Tensor fitting(Port port, Tensor value) throws Misfit {
    var given =
        switch (port.role()) {
          case PARAMETER, FROZEN, STATE, OPTIMIZER -> Given.PARAMETERS;
          case DATA, SOURCE, SCALAR, OUTPUT ->
              port.name().startsWith("upstream/") ? Given.UPSTREAM : Given.INPUTS;
        };
    if (value.type() != port.type()) {
      throw new Misfit(
          given, "%s holds %s, expected %s".formatted(port.name(), value.type(), port.type()), "");
    }
    var wanted = port.shape(Map.of());
    if (!Arrays.equals(wanted, value.shape())) {
      throw new Misfit(
          given,
          "%s has the shape %s, expected %s"
              .formatted(port.name(), Arrays.toString(value.shape()), Arrays.toString(wanted)),
          "");
    }
    return value;
  }

  private Map<String, Tensor> initialValues(Typed.Instance instance) {
    var executable = Pipeline.executable(Elaborate.initial(instance), options);
    try (var session = executable.open(threads)) {
      for (var port : executable.signature().inputs()) {
        session.bind(port.name(), request.seed());
      }
      session.run();
      var values = new HashMap<String, Tensor>();
      for (var port : executable.signature().outputs()) {
        values.put(port.name(), session.output(port.name()));
      }
      return values;
    }
  }

  private Result result(Session session, Executable executable, Map<String, Tensor> bound) {
    var outputs = new LinkedHashMap<String, Tensor>();
    var gradients = new LinkedHashMap<String, Tensor>();
    var states = new LinkedHashMap<String, Tensor>();
    for (var port : executable.signature().outputs()) {
      var name = port.name();
      var value = session.output(name);
      if (name.startsWith("gradient/")) {
        gradients.put(name.substring("gradient/".length()), value);
      } else if (name.endsWith("'") && bound.containsKey(name.substring(0, name.length() - 1))) {
        states.put(name.substring(0, name.length() - 1), value);
      } else {
        outputs.put(name, value);
      }
    }
    executable.signature().updated().forEach(name -> states.put(name, bound.get(name)));
    return new Result(outputs, gradients, states, notes);
  }
}
