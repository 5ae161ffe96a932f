package dev.nnlang.runtime.model;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON file with fields that must be there. */
record Fields(Path file, Json.Members members) {
  static Fields read(Path file) throws ProblemException {
    if (Json.parse(text(file)).orElse(null) instanceof Json.Members members) {
      return new Fields(file, members);
    }
    throw damaged(file, "the file is not JSON").thrown();
  }

  static String text(Path file) throws ProblemException {
    return Inputs.read(file, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  static Problem damaged(Path file, String found) {
    return Problem.of(ProblemCode.MODEL_DAMAGED, found)
        .mend("train again, or restore the model's folder")
        .in(file.toString());
  }

  boolean has(String name) {
    return members.get(name).isPresent();
  }

  String text(String name) throws ProblemException {
    if (members.get(name).orElse(null) instanceof Json.Text(var text)) {
      return text;
    }
    throw missing(name).thrown();
  }

  long whole(String name) throws ProblemException {
    if (members.get(name).orElse(null) instanceof Json.Number number) {
      try {
        return number.whole();
      } catch (NumberFormatException _) {
        // Falls through: a fraction is as wrong as a text.
      }
    }
    throw missing(name).thrown();
  }

  /** Numbers beyond JSON's stand as texts. */
  double real(String name) throws ProblemException {
    try {
      return switch (members.get(name).orElse(null)) {
        case Json.Number number -> number.real();
        case Json.Text(var text) -> Double.parseDouble(text);
        case null, default -> throw missing(name).thrown();
      };
    } catch (NumberFormatException _) {
      throw missing(name).thrown();
    }
  }

  boolean truth(String name) throws ProblemException {
    if (members.get(name).orElse(null) instanceof Json.Truth(var value)) {
      return value;
    }
    throw missing(name).thrown();
  }

  Fields object(String name) throws ProblemException {
    if (members.get(name).orElse(null) instanceof Json.Members inner) {
      return new Fields(file, inner);
    }
    throw missing(name).thrown();
  }

  List<Fields> objects(String name) throws ProblemException {
    if (members.get(name).orElse(null) instanceof Json.Items(var items)
        && items.stream().allMatch(item -> item instanceof Json.Members)) {
      return items.stream().map(item -> new Fields(file, (Json.Members) item)).toList();
    }
    throw missing(name).thrown();
  }

  List<String> texts(String name) throws ProblemException {
    if (members.get(name).orElse(null) instanceof Json.Items(var items)
        && items.stream().allMatch(item -> item instanceof Json.Text)) {
      return items.stream().map(item -> ((Json.Text) item).text()).toList();
    }
    throw missing(name).thrown();
  }

  /** All fields, which must be texts. */
  Map<String, String> allTexts() throws ProblemException {
    var all = new LinkedHashMap<String, String>();
    for (var name : members.members().keySet()) {
      all.put(name, text(name));
    }
    return all;
  }

  private Problem missing(String name) {
    return damaged(file, "the field \"" + name + "\" is missing or of another kind");
  }
}
