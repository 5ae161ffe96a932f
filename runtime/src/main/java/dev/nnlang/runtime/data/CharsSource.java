package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * {@code chars("text.txt", ...)}: each code point a value, numbered in ascending order over all
 * files together (LR-76), or as an earlier run numbered them.
 */
final class CharsSource implements DataSource {
  @Override
  public SourceData read(SourceRequest request) throws ProblemException {
    request.allow();
    var files = request.files();
    var texts = new ArrayList<int[]>();
    for (var file : files) {
      texts.add(text(file));
    }
    var numbers = numbers(request, texts);
    Places places = position -> place(files, texts, position);
    var elements = new Elements(request, places);
    for (var text : texts) {
      elements.expect(text.length);
      for (int character : text) {
        var number = numbers.get(character);
        if (number == null) {
          throw Problem.of(
                  ProblemCode.WORD_UNKNOWN,
                  "the character " + show(character) + " is not in the vocabulary")
              .expected(
                  "one of the " + numbers.size() + " characters that the model was trained on")
              .at(places.of(elements.size()))
              .thrown();
        }
        elements.add(number);
      }
    }
    var vocabulary = new String[numbers.size()];
    numbers.forEach((character, number) -> vocabulary[number] = Character.toString(character));
    return new SourceData(elements.tensor(elements.size()), places, List.of(vocabulary));
  }

  private static TreeMap<Integer, Integer> numbers(SourceRequest request, List<int[]> texts) {
    var numbers = new TreeMap<Integer, Integer>();
    var given =
        request.vocabulary().isEmpty()
            ? request.words().stream().map(Element.Word::written).toList()
            : request.vocabulary();
    if (!given.isEmpty()) {
      for (var character : given) {
        numbers.put(character.codePointAt(0), numbers.size());
      }
      return numbers;
    }
    for (var text : texts) {
      for (int character : text) {
        numbers.putIfAbsent(character, 0);
      }
    }
    int next = 0;
    for (var entry : numbers.entrySet()) {
      entry.setValue(next++);
    }
    return numbers;
  }

  private static int[] text(DataFile file) throws ProblemException {
    byte[] bytes = Inputs.read(file.path(), in -> in.readAllBytes());
    if (bytes.length == 0) {
      throw Inputs.empty(file.path()).thrown();
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes))
          .codePoints()
          .toArray();
    } catch (CharacterCodingException _) {
      throw Utf8.problem(file).thrown();
    }
  }

  private static Place place(List<DataFile> files, List<int[]> texts, int position) {
    int at = position;
    int file = 0;
    while (file < files.size() - 1 && at >= texts.get(file).length) {
      at -= texts.get(file++).length;
    }
    long line = 1;
    long column = 1;
    var text = texts.get(file);
    for (int i = 0; i < Math.min(at, text.length); i++) {
      column = text[i] == '\n' ? 1 : column + 1;
      line += text[i] == '\n' ? 1 : 0;
    }
    return new Place(files.get(file).path().toString(), line, column);
  }

  private static String show(int character) {
    return Character.isISOControl(character)
        ? String.format("U+%04X", character)
        : "'" + Character.toString(character) + "' " + String.format("(U+%04X)", character);
  }
}
