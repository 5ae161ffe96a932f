package dev.nnlang.runtime.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Reads JSON by recursive descent; what is not JSON, or nested deeper than 100, gives nothing. */
final class JsonParser {
  private static final int DEEPEST = 100;

  private final String text;
  private int at;
  private int depth;

  JsonParser(String text) {
    this.text = text;
  }

  private static final class NotJson extends Exception {
    private static final long serialVersionUID = 1L;

    NotJson() {
      super("", null, false, false);
    }
  }

  Optional<Json> parse() {
    try {
      var value = value();
      blanks();
      return at == text.length() ? Optional.of(value) : Optional.empty();
    } catch (NotJson _) {
      return Optional.empty();
    }
  }

  private Json value() throws NotJson {
    blanks();
    return switch (peek()) {
      case '{' -> members();
      case '[' -> items();
      case '"' -> new Json.Text(string());
      case 't' -> word("true", new Json.Truth(true));
      case 'f' -> word("false", new Json.Truth(false));
      case 'n' -> word("null", new Json.Null());
      default -> number();
    };
  }

  private Json members() throws NotJson {
    enter('{');
    var members = new LinkedHashMap<String, Json>();
    for (boolean first = true; !closes('}', first); first = false) {
      blanks();
      var key = string();
      blanks();
      expect(':');
      members.put(key, value());
    }
    return new Json.Members(members);
  }

  private Json items() throws NotJson {
    enter('[');
    var items = new ArrayList<Json>();
    for (boolean first = true; !closes(']', first); first = false) {
      items.add(value());
    }
    return new Json.Items(items);
  }

  private void enter(char open) throws NotJson {
    expect(open);
    if (++depth > DEEPEST) {
      throw new NotJson();
    }
  }

  /** Takes the closing bracket, or the comma before all but the first element. */
  private boolean closes(char close, boolean first) throws NotJson {
    blanks();
    if (peek() == close) {
      at++;
      depth--;
      return true;
    }
    if (!first) {
      expect(',');
    }
    return false;
  }

  private String string() throws NotJson {
    expect('"');
    var out = new StringBuilder();
    while (true) {
      char c = take();
      if (c == '"') {
        return out.toString();
      } else if (c == '\\') {
        out.append(escape());
      } else if (c < 0x20) {
        throw new NotJson();
      } else {
        out.append(c);
      }
    }
  }

  private char escape() throws NotJson {
    return switch (take()) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(take(), 16);
          if (digit < 0) {
            throw new NotJson();
          }
          code = 16 * code + digit;
        }
        yield (char) code;
      }
      default -> throw new NotJson();
    };
  }

  private Json number() throws NotJson {
    int from = at;
    skip('-');
    if (!skip('0')) {
      digits();
    }
    if (skip('.')) {
      digits();
    }
    if (skip('e') || skip('E')) {
      if (!skip('+')) {
        skip('-');
      }
      digits();
    }
    return new Json.Number(text.substring(from, at));
  }

  private void digits() throws NotJson {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == from) {
      throw new NotJson();
    }
  }

  private Json word(String word, Json value) throws NotJson {
    if (!text.startsWith(word, at)) {
      throw new NotJson();
    }
    at += word.length();
    return value;
  }

  private void blanks() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
      at++;
    }
  }

  private boolean skip(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char c) throws NotJson {
    if (!skip(c)) {
      throw new NotJson();
    }
  }

  private char take() throws NotJson {
    if (at == text.length()) {
      throw new NotJson();
    }
    return text.charAt(at++);
  }

  /** The next character; 0 at the end, which begins nothing. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }
}
