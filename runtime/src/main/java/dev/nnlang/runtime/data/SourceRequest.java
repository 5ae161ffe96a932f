package dev.nnlang.runtime.data;

import dev.nnlang.runtime.data.ReaderCall.Argument;
import dev.nnlang.runtime.data.ReaderCall.Value;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a reader is asked for, with its arguments in handy forms.
 *
 * @param source as declared
 * @param folders where files may lie
 * @param storage of the result: {@code F32} or {@code F64} for reals, else {@code INT} or {@code
 *     BOOL}
 * @param vocabulary the numbering of an earlier run, which must be kept; empty to make a new one
 */
public record SourceRequest(
    SourcePlan source, DataFolders folders, ElementType storage, List<String> vocabulary) {
  public SourceRequest {
    vocabulary = List.copyOf(vocabulary);
  }

  /** How many dimensions the source is declared with. */
  public int rank() {
    return source.shape().size();
  }

  /** The words that the elements may be; empty but for enumerated dimensions. */
  public List<Element.Word> words() {
    return source.element() instanceof Element.Index index ? index.words() : List.of();
  }

  /** Refuses named arguments other than these, and values by position other than texts. */
  public void allow(String... names) throws ProblemException {
    for (var argument : source.reader().arguments()) {
      if (argument.name().isPresent() && !List.of(names).contains(argument.name().get())) {
        throw argument("has no argument \"" + argument.name().get() + "\"")
            .expected(
                names.length == 0 ? "no named argument" : "one of " + String.join(", ", names))
            .thrown();
      }
    }
  }

  /** The texts by position: file names, and what else the format wants. */
  public List<String> texts() throws ProblemException {
    var texts = new ArrayList<String>();
    for (var value : positional()) {
      if (!(value instanceof Value.Text(var text))) {
        throw argument("cannot take " + value + " here")
            .expected("a text in quotes, such as a file name")
            .thrown();
      }
      texts.add(text);
    }
    return texts;
  }

  /** The values that stand by position. */
  public List<Value> positional() {
    return source.reader().arguments().stream()
        .filter(a -> a.name().isEmpty())
        .map(Argument::value)
        .toList();
  }

  /** The files that the texts by position name, at least one. */
  public List<DataFile> files() throws ProblemException {
    var files = new ArrayList<DataFile>();
    for (var text : texts()) {
      files.add(file(text));
    }
    if (files.isEmpty()) {
      throw argument("is given no file").expected("a file name in quotes").thrown();
    }
    return files;
  }

  public DataFile file(String written) throws ProblemException {
    return folders.find(written, source.declared());
  }

  public Optional<Value> named(String name) {
    return source.reader().arguments().stream()
        .filter(a -> a.name().equals(Optional.of(name)))
        .map(Argument::value)
        .findFirst();
  }

  public Optional<Boolean> truth(String name) throws ProblemException {
    var value = named(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Value.Truth(var truth)) {
      return Optional.of(truth);
    }
    throw wrong(name, value.get(), "true or false").thrown();
  }

  public Optional<String> text(String name) throws ProblemException {
    var value = named(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Value.Text(var text)) {
      return Optional.of(text);
    }
    throw wrong(name, value.get(), "a text in quotes").thrown();
  }

  /** A problem with the argument {@code name}. */
  public Problem wrong(String name, Value value, String expected) {
    return argument("cannot take " + name + " = " + value).expected(expected);
  }

  /** A problem with the arguments; {@code what} follows the reader's name. */
  public Problem argument(String what) {
    return Problem.of(ProblemCode.READER_ARGUMENT, source.reader().reader() + " " + what)
        .at(source.declared());
  }
}
