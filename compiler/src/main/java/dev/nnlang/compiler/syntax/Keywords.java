package dev.nnlang.compiler.syntax;

import dev.nnlang.grammar.NnLexer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words of the language that are more than names (LR-5); editors colour by these lists. */
public final class Keywords {
  private static final List<String> RESERVED =
      List.of("if", "then", "else", "and", "or", "not", "true", "false", "where", "use", "as");

  private static final Map<String, Integer> KINDS = new LinkedHashMap<>();
  private static final Map<String, Integer> DECLARING = new LinkedHashMap<>();

  static {
    KINDS.put("fn", NnLexer.FN);
    KINDS.put("activation", NnLexer.ACTIVATION);
    KINDS.put("layer", NnLexer.LAYER);
    KINDS.put("model", NnLexer.MODEL);
    KINDS.put("loss", NnLexer.LOSS);
    KINDS.put("metric", NnLexer.METRIC);
    KINDS.put("optimizer", NnLexer.OPTIMIZER);
    KINDS.put("init", NnLexer.INIT);
    KINDS.put("schedule", NnLexer.SCHEDULE);
    KINDS.put("data", NnLexer.DATA);
    KINDS.put("train", NnLexer.TRAIN);
    DECLARING.put("dim", NnLexer.DIM);
    DECLARING.put("const", NnLexer.CONST);
    DECLARING.putAll(KINDS);
    DECLARING.put("param", NnLexer.PARAM);
    DECLARING.put("frozen", NnLexer.FROZEN);
    DECLARING.put("state", NnLexer.STATE);
    DECLARING.put("source", NnLexer.SOURCE);
    DECLARING.put("sample", NnLexer.SAMPLE);
    DECLARING.put("fit", NnLexer.FIT);
  }

  private Keywords() {}

  /** Words that are never names. */
  public static List<String> reserved() {
    return RESERVED;
  }

  /** Words that declare where a statement begins with them, and {@code index} in a type. */
  public static List<String> declaring() {
    List<String> words = new java.util.ArrayList<>(DECLARING.keySet());
    words.add("index");
    return List.copyOf(words);
  }

  /** Names with a meaning of their own that a user may not declare (LR-5). */
  public static List<String> builtIn() {
    return List.of("batch", "training", "params");
  }

  /** The words that begin a declaration at the top of a file, beside {@code use}. */
  static List<String> atTop() {
    List<String> words = new java.util.ArrayList<>(List.of("dim", "const"));
    words.addAll(KINDS.keySet());
    return words;
  }

  /** The words that begin a statement of a body. */
  static List<String> inBody() {
    return List.of("dim", "const", "param", "frozen", "state", "source", "sample", "fit");
  }

  /** The token type of a declaring word; -1 if it is none. */
  static int declaringType(String word) {
    return DECLARING.getOrDefault(word, -1);
  }

  /** Whether it declares only at the top of a file: a kind, {@code data} or {@code train}. */
  static boolean isKind(String word) {
    return KINDS.containsKey(word);
  }
}
