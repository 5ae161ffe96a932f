package dev.nnlang.compiler.oracle;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The optimizer cases: ten steps with given gradients, the parameters compared after each. Clipping
 * and results of validation are the plan's, so these cases run the training loop, on a loss whose
 * gradients are the given ones.
 */
final class Optimizers {
  private Optimizers() {}

  /**
   * @param folder for data, empty
   */
  static Optional<List<String>> run(OracleSet.Case each, Options options, Path folder) {
    if (each.op().startsWith("clip_")) {
      return Optional.of(clip(each, options, folder));
    }
    if (each.op().equals("schedule_plateau")) {
      return Optional.of(learning(each, options, folder));
    }
    var call = call(each.id(), each.op(), each.attributes());
    if (call.isEmpty()) {
      return Optional.empty();
    }
    var differences = new ArrayList<String>();
    for (var parameter : List.of("w", "b")) {
      differences.addAll(run(each, call.get(), parameter, options));
    }
    return Optional.of(differences);
  }

  private record Call(String optimizer, Map<String, String> settings, long steps) {}

  private static List<String> run(
      OracleSet.Case each, Call call, String parameter, Options options) {
    var gradients = each.tensors("grads.", options.precision()).get(parameter);
    var w = each.tensors("param.", options.precision()).get(parameter);
    var compilation = Compiler.open(new SourceFile(each.id() + ".nn", ""), Sources.none());
    Map<String, Tensor> states = Map.of();
    var got = new double[gradients.size()];
    for (int step = 1; step <= 10; step++) {
      var g = slice(gradients, step - 1, w.shape());
      var request =
          new Evaluation.Request(
              call.optimizer,
              call.settings,
              Map.of("w", w, "g", g),
              states,
              Map.of(),
              Evaluation.Phase.TRAINING,
              0,
              0,
              step,
              call.steps);
      try {
        var result = compilation.evaluate(request, options, 1);
        if (result.value().isEmpty()) {
          return List.of("does not compile: " + result.problems());
        }
        w = result.value().get().outputs().get("w'");
        states = result.value().get().states();
      } catch (Evaluation.Misfit | RuntimeException e) {
        return List.of("fails: " + e);
      }
      System.arraycopy(OracleTest.doubles(w), 0, got, (step - 1) * w.size(), w.size());
    }
    return each.difference("traj." + parameter, got, options.precision())
        .map(List::of)
        .orElse(List.of());
  }

  private static List<String> clip(OracleSet.Case each, Options options, Path folder) {
    var a = each.attributes();
    var clip =
        each.op().equals("clip_norm")
            ? "norm(" + a.get("max_norm") + ")"
            : "value(" + a.get("clip_value") + ")";
    var program =
        """
        model Product : g[5, 7], d[7] -> y {
            param w[5, 7] = 0
            param b[7]    = 0
            y = sum[i, j](w[i, j] * g[i, j]) + sum[k](b[k] * d[k])
        }

        data Gradients {
            source w_of[N, 5, 7] = safetensors("data.safetensors", "w")
            source b_of[N, 7]    = safetensors("data.safetensors", "b")
            sample n -> g[5, 7], d[7] {
                g[i, j] = w_of[n, i, j]
                d[k]    = b_of[n, k]
            }
        }

        train Run : Product on Gradients {
            loss      = y
            optimizer = SGD(lr = %s)
            batch     = 1
            steps     = 10
            shuffle   = false
            clip      = %s
        }
        """
            .formatted(a.get("lr"), clip);
    return rehearsed(each, options, folder, program, each.tensors("grads.", options.precision()));
  }

  /**
   * A rate that learns from a result: each step is an epoch, after which the one example of
   * validation has the figure of the reference. The model counts its steps, to know its gradients.
   */
  private static List<String> learning(OracleSet.Case each, Options options, Path folder) {
    var a = each.attributes();
    var program =
        """
        model Product : g[10, 5, 7], d[10, 7] -> y, taken {
            param w[5, 7] = 0
            param b[7]    = 0
            state steps_taken = 0
            if training {
                steps_taken' = steps_taken + 1
            }
            taken = steps_taken
            y     = sum[s: 10 | s == taken](sum[i, j](w[i, j] * g[s, i, j]) + sum[k](b[k] * d[s, k]))
        }

        metric figure : taken, figures[10] = sum[s | s + 1 == taken](figures[s])

        data Gradients {
            source w_of[10, 5, 7] = safetensors("data.safetensors", "w")
            source b_of[10, 7]    = safetensors("data.safetensors", "b")
            source of[10]         = safetensors("data.safetensors", "figures")
            source two[2]         = linspace(0, 1, 2)
            sample n -> g[10, 5, 7], d[10, 7], figures[10], part {
                part       = two[n]
                g[s, i, j] = w_of[s, i, j]
                d[s, k]    = b_of[s, k]
                figures[s] = of[s]
            }
            split = ordered(train = 0.5, valid = 0.5)
        }

        train Run : Product on Gradients {
            loss      = y
            metrics   = [figure(taken, figures)]
            optimizer = SGD(lr = plateau(%s, factor = %s, patience = %s, threshold = %s, higher = %s)(valid.figure))
            epochs    = 10
        }
        """
            .formatted(
                a.get("base_lr"),
                a.get("factor"),
                a.get("patience"),
                a.get("threshold"),
                !"min".equals(a.get("mode")));
    var given = (List<?>) a.get("metric_after_step");
    var figures = Tensor.zeros(options.precision().element(), given.size());
    for (int i = 0; i < given.size(); i++) {
      figures.set(i, ((Number) given.get(i)).doubleValue());
    }
    var data = new LinkedHashMap<>(each.tensors("grads.", options.precision()));
    data.put("figures", figures);
    return rehearsed(each, options, folder, program, data);
  }

  /** What differs after each of ten steps of the program's plan. */
  private static List<String> rehearsed(
      OracleSet.Case each, Options options, Path folder, String program, Map<String, Tensor> data) {
    var got = new LinkedHashMap<String, List<double[]>>();
    var start = each.tensors("param.", options.precision());
    try {
      new Rehearsal(options, folder, start)
          .run(
              new SourceFile(each.id() + ".nn", program),
              Sources.none(),
              data,
              (_, values) ->
                  start
                      .keySet()
                      .forEach(
                          name ->
                              got.computeIfAbsent(name, _ -> new ArrayList<>())
                                  .add(OracleTest.doubles(values.get(name)))));
    } catch (ProblemException e) {
      return List.of("fails: " + e.getMessage());
    }
    var differences = new ArrayList<String>();
    got.forEach(
        (name, steps) -> {
          var all = steps.stream().flatMapToDouble(Arrays::stream).toArray();
          each.difference("traj." + name, all, options.precision()).ifPresent(differences::add);
        });
    return differences;
  }

  private static Tensor slice(Tensor all, int step, int[] shape) {
    var one = Tensor.zeros(all.type(), shape);
    for (int i = 0; i < one.size(); i++) {
      one.set(i, all.get(step * one.size() + i));
    }
    return one;
  }

  private static Optional<Call> call(String id, String op, Map<String, Object> a) {
    var settings = new LinkedHashMap<String, String>();
    if (op.startsWith("schedule_")) {
      return schedule(op, a);
    }
    set(settings, "lr", a.get("lr"));
    return switch (op) {
      case "sgd" -> done("SGD", settings);
      case "momentum", "nesterov" -> {
        set(settings, "momentum", a.get("momentum"));
        set(settings, "dampening", a.get("dampening"));
        set(settings, "nesterov", op.equals("nesterov") ? "true" : null);
        yield done("SGD", settings);
      }
      case "adagrad" -> {
        set(settings, "lr_decay", a.get("lr_decay"));
        set(settings, "initial", a.get("initial_accumulator"));
        set(settings, "eps", a.get("eps"));
        yield done("Adagrad", settings);
      }
      case "rmsprop" -> {
        set(settings, "rho", a.get("alpha"));
        set(settings, "eps", a.get("eps"));
        set(settings, "momentum", a.get("momentum"));
        set(settings, "centered", a.get("centered"));
        yield done("RMSprop", settings);
      }
      case "adadelta" -> {
        set(settings, "rho", a.get("rho"));
        set(settings, "eps", a.get("eps"));
        yield done("Adadelta", settings);
      }
      case "adam", "amsgrad", "adamw" -> {
        var betas = (List<?>) a.get("betas");
        set(settings, "beta1", betas.get(0));
        set(settings, "beta2", betas.get(1));
        set(settings, "eps", a.get("eps"));
        set(settings, "decay", a.get("weight_decay"));
        set(settings, "amsgrad", op.equals("amsgrad") ? "true" : null);
        yield done(op.equals("adamw") || id.endsWith(".adamw") ? "AdamW" : "Adam", settings);
      }
      case "adamax", "nadam", "radam" -> {
        var betas = (List<?>) a.get("betas");
        set(settings, "beta1", betas.get(0));
        set(settings, "beta2", betas.get(1));
        set(settings, "eps", a.get("eps"));
        set(settings, "momentum_decay", a.get("momentum_decay"));
        yield done(
            switch (op) {
              case "adamax" -> "Adamax";
              case "nadam" -> "NAdam";
              default -> "RAdam";
            },
            settings);
      }
      default -> Optional.empty();
    };
  }

  /** The reference counts steps from 0 and gives the rate of each of ten steps. */
  private static Optional<Call> schedule(String op, Map<String, Object> a) {
    var base = a.get("base_lr");
    long steps = 10;
    String rate =
        switch (op) {
          case "schedule_step" ->
              "step_decay(%s, %s, factor = %s)".formatted(base, a.get("step_size"), a.get("gamma"));
          case "schedule_exponential" ->
              "exponential(%s, factor = %s)".formatted(base, a.get("gamma"));
          case "schedule_cosine" -> {
            steps = ((Number) a.get("t_max")).longValue();
            yield "cosine(%s, floor_rate = %s)".formatted(base, a.get("eta_min"));
          }
          case "schedule_warmup_linear" ->
              "linear_warmup(%s, %s)".formatted(base, a.get("warmup_steps"));
          case "schedule_warmup_cosine" -> {
            steps = ((Number) a.get("total_steps")).longValue();
            yield "cosine(%s, warmup = %s)".formatted(base, a.get("warmup_steps"));
          }
          case "schedule_polynomial" ->
              "polynomial(%s, power = %s, within = %s)"
                  .formatted(base, a.get("power"), a.get("total"));
          case "schedule_inverse_time" ->
              "inverse_time(%s, decay = %s)".formatted(base, a.get("decay"));
          case "schedule_onecycle" -> {
            steps = ((Number) a.get("total_steps")).longValue();
            yield "one_cycle(%s, warm = %s, start = %s, end = %s, linear = %s)"
                .formatted(
                    a.get("max_lr"),
                    a.get("pct_start"),
                    a.get("div_factor"),
                    a.get("final_div_factor"),
                    "linear".equals(a.get("anneal")));
          }
          case "schedule_multistep" -> {
            var milestones = (List<?>) a.get("milestones");
            yield "multi_step(%s, %s, factor = %s)".formatted(base, milestones, a.get("gamma"));
          }
          case "schedule_cosine_restarts" ->
              "cosine_restarts(%s, %s, times = %s, floor_rate = %s)"
                  .formatted(base, a.get("t_0"), a.get("t_mult"), a.get("eta_min"));
          default -> "";
        };
    if (rate.isEmpty()) {
      return Optional.empty();
    }
    boolean adam = "adam".equals(a.get("optimizer"));
    return Optional.of(new Call(adam ? "Adam" : "SGD", Map.of("lr", rate), steps));
  }

  private static void set(Map<String, String> settings, String name, Object value) {
    if (value != null) {
      settings.put(name, value.toString());
    }
  }

  private static Optional<Call> done(String optimizer, Map<String, String> settings) {
    return Optional.of(new Call(optimizer, settings, 10));
  }
}
