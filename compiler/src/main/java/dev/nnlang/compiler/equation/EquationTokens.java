package dev.nnlang.compiler.equation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** One line of the text form as words, numbers and signs. */
final class EquationTokens {
  /** A name may hold slashes, which a division never touches. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\d+(\\.\\d+)?([eE][-+]?\\d+)?(?![\\w/#.])"
              + "|[\\w](?:[\\w/#.'$]*[\\w'])?"
              + "|<=|>=|==|!=|<-|[-+*%/^()\\[\\]:,;|@=<>]"
              + "|\\S");

  private final List<String> tokens = new ArrayList<>();
  private int at;

  EquationTokens(String line) {
    var matcher = TOKEN.matcher(line);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
  }

  /** The next token, which is empty at the end. */
  String peek() {
    return peek(0);
  }

  private String peek(int ahead) {
    return at + ahead < tokens.size() ? tokens.get(at + ahead) : "";
  }

  /** The first word, but none where a tensor has that name: {@code input[i: 4] = ...}. */
  String keyword() {
    var second = peek(1);
    return second.equals("[") || second.equals(":") || second.equals("=") ? "" : peek();
  }

  String next() {
    if (at == tokens.size()) {
      throw new IllegalArgumentException("the line ends too early");
    }
    return tokens.get(at++);
  }

  boolean take(String token) {
    boolean there = peek().equals(token);
    at += there ? 1 : 0;
    return there;
  }

  void expect(String token) {
    if (!take(token)) {
      throw new IllegalArgumentException("'" + peek() + "' stands for '" + token + "'");
    }
  }

  void end() {
    if (at < tokens.size()) {
      throw new IllegalArgumentException("too much, from '" + peek() + "' on");
    }
  }

  /** The reduction that stands next: its name and a binder, as in {@code sum[k: 4]}. */
  Optional<Reduction.Kind> reduction() {
    if (!peek(1).equals("[") || !peek(3).equals(":")) {
      return Optional.empty();
    }
    return Optional.of(Reduction.Kind.valueOf(peek().toUpperCase(Locale.ROOT)));
  }
}
