package dev.nnlang.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs with something deleted, doubled, swapped or replaced; a seed names one. */
final class Damage {
  private static final Pattern TOKEN =
      Pattern.compile(
          "[A-Za-z_0-9]+'?|\"[^\"\\n]*\"|\\|>|->|\\?\\?|\\.\\.\\.?|[<>=!]=|\\s+|.", Pattern.DOTALL);

  private static final String NASTY =
      "(){}[];:,=~'\"\\?|>-.^%\n\r\t\u0000\u00d7\u03b8\ud83d/*_1e9a#@\u00a0\ufeff";

  private final List<String> sources;

  /** Of these texts. */
  Damage(List<String> sources) {
    this.sources = List.copyOf(sources);
  }

  String program(long seed) {
    return damaged(new Random(seed));
  }

  private String damaged(Random random) {
    String text = sources.get(random.nextInt(sources.size()));
    int wounds = 1 + random.nextInt(3);
    for (int i = 0; i < wounds; i++) {
      text = random.nextBoolean() ? byTokens(text, random) : byCharacters(text, random);
    }
    return text;
  }

  private String byTokens(String text, Random random) {
    List<String> tokens = tokens(text);
    if (tokens.size() < 2) {
      return text;
    }
    int at = random.nextInt(tokens.size() - 1);
    switch (random.nextInt(5)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.add(at, tokens.get(at));
      case 2 -> tokens.set(at, tokens.set(at + 1, tokens.get(at)));
      case 3 -> {
        List<String> others = tokens(sources.get(random.nextInt(sources.size())));
        tokens.set(at, others.get(random.nextInt(others.size())));
      }
      default -> tokens.subList(at, Math.min(tokens.size(), at + random.nextInt(40))).clear();
    }
    return String.join("", tokens);
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }

  private static String byCharacters(String text, Random random) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + 1 + random.nextInt(random.nextBoolean() ? 2 : 30));
    int nasty = random.nextInt(NASTY.length());
    return switch (random.nextInt(5)) {
      case 0 -> text.substring(0, from) + text.substring(to);
      case 1 -> text.substring(0, to) + text.substring(from);
      case 2 -> text.substring(0, from) + NASTY.charAt(nasty) + text.substring(to);
      case 3 -> text.substring(0, from) + NASTY.charAt(nasty) + text.substring(from);
      default -> text.substring(0, from);
    };
  }
}
