package dev.nnlang.compiler.size;

/**
 * Reads polynomials as the tests write them: names in lower case are indices, all others
 * dimensions.
 */
final class PolyText {
  private final String text;
  private int at;

  private PolyText(String text) {
    this.text = text.replace(" ", "");
  }

  static Poly poly(String text) {
    var reader = new PolyText(text);
    var result = reader.sum();
    if (reader.at != reader.text.length()) {
      throw new IllegalArgumentException("unread: " + text + " from " + reader.at);
    }
    return result;
  }

  /** Facts such as {@code i: N; T <= C; D % H == 0; i != 0}. */
  static Facts facts(String text) {
    var facts = Facts.NONE;
    for (var part : text.split(";")) {
      if (part.isBlank()) {
        continue;
      }
      var range = part.split(":");
      if (range.length == 2) {
        facts = facts.index(new Atom.Index(range[0].strip()), poly(range[1]));
        continue;
      }
      var sides = part.split("<=|<|>=|>|==|!=");
      var a = poly(sides[0]);
      var b = poly(sides[1]);
      facts =
          switch (part.replaceAll("[^<>=!]", "")) {
            case "<" -> facts.less(a, b);
            case "<=" -> facts.atMost(a, b);
            case ">" -> facts.less(b, a);
            case ">=" -> facts.atMost(b, a);
            case "==" -> facts.equal(a, b);
            case "!=" -> facts.notZero(a.minus(b));
            default -> throw new IllegalArgumentException(part);
          };
    }
    return facts;
  }

  private Poly sum() {
    var result = take('-') ? product().negate() : product();
    while (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      result = text.charAt(at++) == '+' ? result.plus(product()) : result.minus(product());
    }
    return result;
  }

  private Poly product() {
    var result = factor();
    while (at < text.length() && "*/%".indexOf(text.charAt(at)) >= 0) {
      char op = text.charAt(at++);
      var right = factor();
      result =
          op == '*'
              ? result.times(right)
              : op == '/' ? result.floorDiv(right) : result.floorMod(right);
    }
    return result;
  }

  private Poly factor() {
    if (take('(')) {
      var inner = sum();
      take(')');
      return inner;
    }
    int start = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    var word = text.substring(start, at);
    char first = word.charAt(0);
    if (Character.isDigit(first)) {
      return Poly.of(Long.parseLong(word));
    }
    return Character.isLowerCase(first) ? Poly.index(word) : Poly.dim(word);
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }
}
