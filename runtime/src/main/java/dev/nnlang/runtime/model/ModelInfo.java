package dev.nnlang.runtime.model;

import dev.nnlang.runtime.file.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model is, apart from its numbers.
 *
 * @param train the declaration that was run
 * @param model what it trains, as written
 * @param data what it trains on, as written
 * @param file the main file among the sources
 * @param folder where that file was, as data are relative to it
 * @param sources texts by path, relative and without {@code ..}
 * @param settings that replaced those of the program: {@code --set}, {@code --seed}, ...
 * @param precision {@code f32} or {@code f64}
 * @param vocabularies by source
 */
public record ModelInfo(
    String train,
    String model,
    String data,
    String file,
    String folder,
    Map<String, String> sources,
    Map<String, String> settings,
    String precision,
    Map<String, List<String>> vocabularies) {
  public ModelInfo {
    sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    vocabularies = Collections.unmodifiableMap(new LinkedHashMap<>(vocabularies));
    for (var name : sources.keySet()) {
      var path = Path.of(name);
      if (path.isAbsolute() || path.normalize().startsWith("..") || name.isBlank()) {
        throw new IllegalArgumentException("a source outside the model's folder: " + name);
      }
    }
  }

  /** With the numbering that the run's readers made. */
  ModelInfo with(Map<String, List<String>> words) {
    return new ModelInfo(train, model, data, file, folder, sources, settings, precision, words);
  }

  /** The SHA-256 of a source text, in hex. */
  public static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  Json.Members json() {
    var files = new ArrayList<Json>();
    sources.forEach(
        (name, text) -> files.add(Json.object().with("file", name).with("sha256", hash(text))));
    var replaced = Json.object();
    for (var entry : settings.entrySet()) {
      replaced = replaced.with(entry.getKey(), entry.getValue());
    }
    var words = Json.object();
    for (var entry : vocabularies.entrySet()) {
      words = words.with(entry.getKey(), Json.texts(entry.getValue()));
    }
    return Json.object()
        .with("train", train)
        .with("model", model)
        .with("data", data)
        .with("file", file)
        .with("folder", folder)
        .with("precision", precision)
        .with("sources", new Json.Items(files))
        .with("settings", replaced)
        .with("vocabularies", words);
  }
}
