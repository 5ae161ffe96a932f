package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.file.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What happens in a run, in order; {@link #json()} is the line of {@code --json} and {@code
 * run.jsonl}.
 */
public sealed interface TrainingEvent {
  /** One JSON object, its member {@code event} first. */
  Json.Members json();

  /**
   * Before the first step.
   *
   * @param examples of each part that there is
   * @param parameters how many numbers are trained or frozen
   * @param epochs that the run may take; absent where it is measured in steps
   * @param steps that the run may take
   * @param notes sentences worth reading: gaps, unused examples, what replaces a missing part
   */
  record Started(
      String name,
      Map<Part, Integer> examples,
      long parameters,
      OptionalLong epochs,
      long steps,
      long firstStep,
      List<String> notes)
      implements TrainingEvent {
    public Started {
      examples = Map.copyOf(examples);
      notes = List.copyOf(notes);
    }

    @Override
    public Json.Members json() {
      var counts = new LinkedHashMap<String, Json>();
      for (var part : Part.values()) {
        if (examples.containsKey(part)) {
          counts.put(part.word(), Json.of(examples.get(part)));
        }
      }
      var json = event("started").with("train", name).with("examples", new Json.Members(counts));
      json = json.with("parameters", parameters).with("steps", steps);
      if (epochs.isPresent()) {
        json = json.with("epochs", epochs.getAsLong());
      }
      if (firstStep > 1) {
        json = json.with("resumedAt", firstStep);
      }
      return json.with("notes", Json.texts(notes));
    }
  }

  /** A step of the gate. */
  record GateStep(long step, long within, double loss) implements TrainingEvent {
    @Override
    public Json.Members json() {
      return event("gate").with("step", step).with("within", within).with("loss", loss);
    }
  }

  /** The gate was passed: the model can learn. */
  record GatePassed(long step, String condition, double figure) implements TrainingEvent {
    @Override
    public Json.Members json() {
      return event("gatePassed").with("step", step).with("until", condition).with("figure", figure);
    }
  }

  /**
   * A step of the run.
   *
   * @param loss of its batch
   * @param mean the figures of the epoch so far
   * @param done examples of the epoch so far
   * @param examples of the whole epoch
   * @param rate examples a second in this epoch
   */
  record Step(
      long step,
      long steps,
      long epoch,
      double loss,
      Figures mean,
      int done,
      int examples,
      double rate)
      implements TrainingEvent {
    @Override
    public Json.Members json() {
      return event("step").with("step", step).with("epoch", epoch).with("loss", loss);
    }
  }

  /**
   * An epoch ended.
   *
   * @param train means over its batches, each before its own step
   * @param valid present where there is such a part
   * @param best whether these are the best parameters so far; absent without {@code stop}
   */
  record Epoch(
      long epoch,
      long step,
      Figures train,
      Optional<Figures> valid,
      Optional<Boolean> best,
      double seconds)
      implements TrainingEvent {
    @Override
    public Json.Members json() {
      var json = event("epoch").with("epoch", epoch).with("train", train.json());
      if (valid.isPresent()) {
        json = json.with("valid", valid.get().json());
      }
      json = json.with("step", step);
      return best.isPresent() ? json.with("best", new Json.Truth(best.get())) : json;
    }
  }

  /**
   * {@code watch} saw something.
   *
   * @param site the part of the model that shows it
   * @param figure what was measured there: a share, a ratio
   * @param message one sentence with the numbers
   */
  record Warning(
      Sickness sickness,
      long step,
      long epoch,
      TrainingPlan.Site site,
      double figure,
      String message)
      implements TrainingEvent {
    @Override
    public Json.Members json() {
      return event("warning")
          .with("code", sickness.code().code())
          .with("kind", sickness.word())
          .with("step", step)
          .with("epoch", epoch)
          .with("layer", site.name())
          .with("file", site.at().file())
          .with("line", site.at().line())
          .with("figure", figure)
          .with("message", message)
          .with("cause", sickness.cause())
          .with("help", sickness.mend());
    }
  }

  /** A checkpoint was written. */
  record Saved(long step, String folder) implements TrainingEvent {
    @Override
    public Json.Members json() {
      return event("checkpoint").with("step", step).with("folder", folder);
    }
  }

  /** The run was asked to stop, and did so after a step. */
  record Interrupted(long step, long epoch) implements TrainingEvent {
    @Override
    public Json.Members json() {
      return event("interrupted").with("step", step).with("epoch", epoch);
    }
  }

  /**
   * The run is over.
   *
   * @param reason in words
   * @param keptEpoch the epoch whose parameters are kept
   * @param test figures of the kept parameters, where there is such a part
   */
  record Done(Ending reason, long epochs, long steps, long keptEpoch, Optional<Figures> test)
      implements TrainingEvent {
    @Override
    public Json.Members json() {
      var json = event("done");
      if (test.isPresent()) {
        json = json.with("test", test.get().json());
      }
      json = json.with("reason", reason.word()).with("epochs", epochs);
      return json.with("steps", steps).with("keptEpoch", keptEpoch);
    }
  }

  /** Why a run ended. */
  enum Ending {
    /** All its epochs or steps are done. */
    COMPLETED("completed"),
    /** {@code stop} acted. */
    STALLED("stalled"),
    /** The user stopped it; it can be resumed. */
    INTERRUPTED("interrupted");

    private final String word;

    Ending(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  private static Json.Members event(String name) {
    return Json.object().with("event", name);
  }
}
