package dev.nnlang.runtime.model;

import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.file.WholeFile;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.Outcome;
import dev.nnlang.runtime.train.TrainingState;
import dev.nnlang.runtime.train.TrainingState.Best;
import dev.nnlang.runtime.train.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Saves and loads model folders. */
public final class ModelFolder {
  private static final String WEIGHTS = "weights.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String BEST = "best.safetensors";
  static final String MODEL = "model.json";
  private static final String STATE = "state.json";
  private static final String SOURCES = "sources";

  /** Raised when a folder of today could not be read by yesterday's version. */
  private static final int FORMAT = 1;

  private static final String FIT = "fit/";
  private static final String SUMS = "sums/";

  private ModelFolder() {}

  /** The file of a run's figures. */
  public static Path log(Path folder) {
    return folder.resolve("run.jsonl");
  }

  /**
   * Makes sure that a model can be written here, before hours go into it. Leaves nothing behind.
   */
  public static void mustBeWritable(Path folder) throws ProblemException {
    var missing = new ArrayDeque<Path>();
    for (var at = folder.toAbsolutePath().normalize();
        at != null && !Files.isDirectory(at);
        at = at.getParent()) {
      missing.push(at);
    }
    var made = new ArrayDeque<Path>();
    var file = folder.resolve(MODEL);
    try {
      for (var at : missing) {
        Files.createDirectory(at);
        made.push(at);
      }
      Files.delete(Files.createTempFile(folder, ".", ".probe"));
    } catch (IOException failed) {
      throw WholeFile.unwritable(file, failed).thrown();
    } finally {
      for (var at : made) {
        delete(at);
      }
    }
  }

  /** Writes what a run left; the file that names the rest comes last. */
  public static void save(Path folder, ModelInfo info, Outcome outcome) throws ProblemException {
    long step = outcome.state().step();
    var state = outcome.state();
    write(folder.resolve(WEIGHTS), outcome.weights(), step);
    var more = new LinkedHashMap<>(outcome.weights().optimizer());
    state.sums().forEach((name, sum) -> more.put(SUMS + name, sum));
    Safetensors.write(folder.resolve(OPTIMIZER), more, metadata(step));
    if (state.best().isPresent() && !state.ended()) {
      write(folder.resolve(BEST), state.best().get().weights(), step);
    } else {
      delete(folder.resolve(BEST));
    }
    WholeFile.write(folder.resolve(STATE), json(state) + "\n");
    for (var source : info.sources().entrySet()) {
      WholeFile.write(folder.resolve(SOURCES).resolve(source.getKey()), source.getValue());
    }
    var model = Json.object().with("format", FORMAT).with("step", step);
    for (var field : info.with(outcome.vocabularies()).json().members().entrySet()) {
      model = model.with(field.getKey(), field.getValue());
    }
    if (outcome.test().isPresent()) {
      model = model.with("test", outcome.test().get().json());
    }
    WholeFile.write(folder.resolve(MODEL), model + "\n");
  }

  /** Reads a folder, or says what of it is missing or damaged. */
  public static SavedModel load(Path folder) throws ProblemException {
    if (!Files.isRegularFile(folder.resolve(MODEL))) {
      throw Problem.of(ProblemCode.MODEL_MISSING, "there is no trained model here")
          .expected("a folder with the file " + MODEL)
          .mend("nn train makes one, and says where")
          .in(folder.toString())
          .thrown();
    }
    var model = Fields.read(folder.resolve(MODEL));
    if (model.whole("format") != FORMAT) {
      throw Problem.of(
              ProblemCode.MODEL_MISMATCH, "the model has the format " + model.whole("format"))
          .expected("format " + FORMAT)
          .mend("use the version of nn that trained it, or train again")
          .in(folder.toString())
          .thrown();
    }
    long step = model.whole("step");
    var weights = Safetensors.read(folder.resolve(WEIGHTS));
    var optimizer = Safetensors.read(folder.resolve(OPTIMIZER));
    sameStep(folder.resolve(WEIGHTS), weights.metadata(), step);
    sameStep(folder.resolve(OPTIMIZER), optimizer.metadata(), step);
    var states = new TreeMap<String, Tensor>();
    var sums = new LinkedHashMap<String, Tensor>();
    for (var tensor : optimizer.tensors().entrySet()) {
      if (tensor.getKey().startsWith(SUMS)) {
        sums.put(tensor.getKey().substring(SUMS.length()), tensor.getValue());
      } else {
        states.put(tensor.getKey(), tensor.getValue());
      }
    }
    var state = Fields.read(folder.resolve(STATE));
    sameStep(folder.resolve(STATE), Map.of("step", Long.toString(state.whole("step"))), step);
    var all = weights(folder.resolve(WEIGHTS), weights, states);
    return new SavedModel(info(folder, model), all, state(folder, state, sums, all));
  }

  private static void write(Path file, Weights weights, long step) throws ProblemException {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.putAll(weights.parameters());
    tensors.putAll(weights.states());
    weights.fit().forEach((name, tensor) -> tensors.put(FIT + name, tensor));
    var metadata = metadata(step);
    metadata.put("states", Json.texts(List.copyOf(weights.states().keySet())).toString());
    Safetensors.write(file, tensors, metadata);
  }

  private static Map<String, String> metadata(long step) {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("format", "nnlang");
    metadata.put("step", Long.toString(step));
    return metadata;
  }

  private static Weights weights(
      Path file, Safetensors.Contents contents, Map<String, Tensor> optimizer)
      throws ProblemException {
    var parameters = new LinkedHashMap<String, Tensor>();
    var states = new LinkedHashMap<String, Tensor>();
    var fit = new LinkedHashMap<String, Tensor>();
    var list = Json.parse(contents.metadata().getOrDefault("states", ""));
    if (!(list.orElse(null) instanceof Json.Items(var names))) {
      throw Fields.damaged(file, "the metadata do not say which tensors are states").thrown();
    }
    contents
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(FIT)) {
                fit.put(name.substring(FIT.length()), tensor);
              } else if (names.contains(new Json.Text(name))) {
                states.put(name, tensor);
              } else {
                parameters.put(name, tensor);
              }
            });
    return new Weights(parameters, states, optimizer, fit);
  }

  private static ModelInfo info(Path folder, Fields model) throws ProblemException {
    var sources = new LinkedHashMap<String, String>();
    for (var source : model.objects("sources")) {
      var name = source.text("file");
      var file = folder.resolve(SOURCES).resolve(name);
      var text = Fields.text(file);
      if (!ModelInfo.hash(text).equals(source.text("sha256"))) {
        throw Fields.damaged(file, "the source was changed after training").thrown();
      }
      sources.put(name, text);
    }
    var vocabularies = new LinkedHashMap<String, List<String>>();
    var words = model.object("vocabularies");
    for (var source : words.members().members().keySet()) {
      vocabularies.put(source, words.texts(source));
    }
    return new ModelInfo(
        model.text("train"),
        model.text("model"),
        model.text("data"),
        model.text("file"),
        model.text("folder"),
        sources,
        model.object("settings").allTexts(),
        model.text("precision"),
        vocabularies);
  }

  private static Json.Members json(TrainingState state) {
    var json =
        Json.object()
            .with("step", state.step())
            .with("epoch", state.epoch())
            .with("position", state.position())
            .with("stalled", state.stalled())
            .with("ended", new Json.Truth(state.ended()));
    return state.best().isPresent()
        ? json.with(
            "best",
            Json.object()
                .with("figure", state.best().get().figure())
                .with("epoch", state.best().get().epoch()))
        : json;
  }

  private static TrainingState state(
      Path folder, Fields state, Map<String, Tensor> sums, Weights weights)
      throws ProblemException {
    Optional<Best> best = Optional.empty();
    if (state.has("best")) {
      var fields = state.object("best");
      var kept = weights;
      if (!state.truth("ended")) {
        var file = folder.resolve(BEST);
        var contents = Safetensors.read(file);
        sameStep(file, contents.metadata(), state.whole("step"));
        kept = weights(file, contents, Map.of());
      }
      best = Optional.of(new Best(fields.real("figure"), fields.whole("epoch"), kept));
    }
    return new TrainingState(
        state.whole("step"),
        state.whole("epoch"),
        (int) state.whole("position"),
        sums,
        best,
        state.whole("stalled"),
        state.truth("ended"));
  }

  private static void sameStep(Path file, Map<String, String> metadata, long step)
      throws ProblemException {
    var found = metadata.getOrDefault("step", "");
    if (!found.equals(Long.toString(step))) {
      throw Fields.damaged(
              file, "the file is of step " + (found.isEmpty() ? "?" : found) + ", not " + step)
          .thrown();
    }
  }

  private static void delete(Path file) throws ProblemException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw WholeFile.unwritable(file, e).thrown();
    }
  }
}
