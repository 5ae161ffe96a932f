package dev.nnlang.compiler;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** One declaration run by itself on given tensors: what {@code nn run} asks for and gets. */
public final class Evaluation {
  private Evaluation() {}

  /** Which of the two programs of a declaration. */
  public enum Phase {
    TRAINING,
    INFERENCE
  }

  /**
   * What is asked.
   *
   * @param name of a fn, activation, loss, metric, layer, model or optimizer
   * @param settings its config, as it would be written
   * @param inputs by declared name; dimensions beyond the declared ones are the batch
   * @param parameters by path, states too; those not given come from their initialisers
   * @param upstream gradients that arrive at outputs; with any, the result has gradients
   * @param batchDims how many leading dimensions are the batch where a declaration takes any run of
   *     dimensions, and so cannot tell
   * @param seed of draws and initial values
   * @param step that draws and schedules see
   * @param steps that schedules see
   */
  public record Request(
      String name,
      Map<String, String> settings,
      Map<String, Tensor> inputs,
      Map<String, Tensor> parameters,
      Map<String, Tensor> upstream,
      Phase phase,
      int batchDims,
      long seed,
      long step,
      long steps) {
    public Request {
      settings = Map.copyOf(settings);
      inputs = Map.copyOf(inputs);
      parameters = Map.copyOf(parameters);
      upstream = Map.copyOf(upstream);
    }

    /** Plain inference without config, parameters or gradients. */
    public static Request of(String name, Map<String, Tensor> inputs) {
      return new Request(name, Map.of(), inputs, Map.of(), Map.of(), Phase.INFERENCE, 0, 0, 1, 1);
    }

    public Request withUpstream(Map<String, Tensor> arriving) {
      return new Request(
          name, settings, inputs, parameters, arriving, phase, batchDims, seed, step, steps);
    }

    public Request at(long whichStep, long ofSteps) {
      return new Request(
          name, settings, inputs, parameters, upstream, phase, batchDims, seed, whichStep, ofSteps);
    }
  }

  /**
   * What comes back.
   *
   * @param outputs by name
   * @param gradients by the name of the input or the path of the parameter
   * @param states the values of states after the run, by path; in training only
   * @param notes sentences worth reading: parameters that came from their initialisers
   */
  public record Result(
      Map<String, Tensor> outputs,
      Map<String, Tensor> gradients,
      Map<String, Tensor> states,
      List<String> notes) {}

  /** Which of the given tensors. */
  public enum Given {
    INPUTS,
    PARAMETERS,
    UPSTREAM
  }

  /** A tensor that does not fit what the declaration takes: said to the user, with a mend. */
  public static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;
    private final Given given;
    private final String mend;

    public Misfit(Given given, String message, String mend) {
      super(message, null, false, false);
      this.given = given;
      this.mend = mend;
    }

    public Given given() {
      return given;
    }

    public String mend() {
      return mend;
    }
  }
}
