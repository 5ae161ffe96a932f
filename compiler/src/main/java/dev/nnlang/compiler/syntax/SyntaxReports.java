package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.Fix;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.SyntaxProblem.*;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words for {@link SyntaxProblem}s. */
final class SyntaxReports {
  /** What other languages call the types. */
  private static final Map<String, String> OTHER_TYPES =
      Map.of(
          "float", "real",
          "double", "real",
          "f32", "real",
          "number", "real",
          "integer", "int",
          "long", "int",
          "boolean", "bool",
          "str", "string",
          "text", "string");

  private SyntaxReports() {}

  static Report of(SyntaxProblem problem) {
    Span at = problem.at();
    return switch (problem) {
      case BadUtf8 bad ->
          Report.of(
                  "this file is not UTF-8: byte %d is 0x%02x"
                      .formatted(bad.byteOffset(), bad.value()),
                  at,
                  "no UTF-8 from here")
              .help("save the file as UTF-8");
      case ControlCharacter control ->
          Report.of(
                  "a control character, %s, stands here".formatted(control(control.value())),
                  at,
                  "")
              .help(
                  control.value() == '\r'
                      ? "end lines with LF or CR LF"
                      : "delete it; only tabs and line ends are allowed");
      case UnknownCharacter unknown ->
          withLookalike(
              Report.of(
                  "%s is no character of the language".formatted(character(unknown.found())),
                  at,
                  ""),
              at,
              unknown.advice());
      case UnclosedString _ ->
          Report.of(
                  "this string does not end on its line", at, "no closing \" before the line ends")
              .help("close it with \"; a line end inside a string is written \\n");
      case BadEscape _ ->
          Report.of("%s is no escape".formatted(quote(at.text())), at, "")
              .help("a string knows \\\" \\\\ \\n \\t and \\u{1f600}");
      case UnclosedComment _ ->
          Report.of(
                  "this comment is never closed",
                  new Span(at.file(), at.start(), at.start() + 2),
                  "")
              .help("end it with */");
      case BadNumber number ->
          Report.of(number.why(), at, "")
              .help(Fix.replacing("write " + number.mend(), at, number.mend()));
      case HugeNumber huge ->
          switch (huge.type()) {
            case INT, BOOL ->
                Report.of(
                        "%s is too large for an int".formatted(at.text()),
                        at,
                        "the largest is 9223372036854775807")
                    .help("with a point or an exponent it is a real");
            case REAL ->
                Report.of("%s is too large for a real".formatted(at.text()), at, "")
                    .help("infinity is written inf");
          };
      case UnclosedBracket unclosed ->
          Report.of(
                  "%s is never closed".formatted(quote(unclosed.opened().text())),
                  unclosed.opened(),
                  "opened here")
              .with(at, "%s expected here".formatted(quote(closing(unclosed.opened().text()))));
      case StrayBracket stray ->
          stray
              .opened()
              .map(
                  opened ->
                      Report.of(
                              "%s is closed by %s"
                                  .formatted(quote(opened.text()), quote(at.text())),
                              at,
                              "%s expected".formatted(quote(closing(opened.text()))))
                          .with(opened, "opened here"))
              .orElseGet(
                  () ->
                      Report.of(
                          "%s closes nothing".formatted(quote(at.text())),
                          at,
                          "no bracket is open here"));
      case TooMuch much ->
          switch (much.measure()) {
            case BRACKETS ->
                Report.of("brackets are nested deeper than 256", at, "")
                    .help("name the inner values in equations of their own");
            case OPERATORS ->
                Report.of("operators are nested deeper than 1000", at, "")
                    .help("name the inner values in equations of their own");
            case LENGTH ->
                Report.of("this statement has more than 100000 words", at, "")
                    .help("split it into several equations");
          };
      case Unexpected unexpected ->
          withHelp(
              Report.of(
                  "found %s where %s is expected"
                      .formatted(unexpected.found(), unexpected.expected()),
                  at,
                  ""),
              unexpected.help());
      case MisspeltWord word ->
          Report.of("%s begins no declaration".formatted(quote(word.word())), at, "")
              .help(
                  Fix.replacing(
                      "did you mean %s?".formatted(quote(word.meant())), at, word.meant()));
      case ComparisonChain chain ->
          Report.of("comparisons do not chain", at, "")
              .help("write %s and %s".formatted(chain.first(), chain.middle() + chain.last()));
      case NotAStage stage ->
          Report.of("a stage of a pipe is a name or a call, and this is neither", at, "")
              .with(stage.pipe(), "fed from here")
              .help("put the pipe in parentheses, or give this value an equation of its own");
      case NotARead read ->
          Report.of("?? guards a read, and its left side is none", at, "")
              .with(read.operator(), "binds tighter than any other operator")
              .help("put it directly after the read: (x[i - 1] ?? 0) * w");
      case LooseFallback _ ->
          Report.of(
                  "what ?? gives outside is a name, a number, a call or a value in parentheses",
                  at,
                  "")
              .help(
                  Fix.replacing(
                      "write (%s)".formatted(shortened(at.text())), at, "(" + at.text() + ")"));
      case BadLeftSubscript left ->
          Report.of(
                  "a left subscript is a fresh index, and %s is none"
                      .formatted(quote(shortened(at.text()))),
                  at,
                  "")
              .help(
                  "define all of %s in one equation; its first element is told apart by if i == 0 then .. else .., or by ??"
                      .formatted(left.left().text()));
      case MissingElse missing ->
          Report.of("an if that is a value needs an else", at, "else expected here")
              .with(missing.condition(), "this if")
              .help("write if c then a else b; equations are chosen by if c { .. }");
      case SideBySide side ->
          Report.of(
                  "found %s where this statement could only go on or end".formatted(side.found()),
                  at,
                  "")
              .help(
                  "put an operator or a comma between, or start a new line (or ;) for a new statement");
      case ReservedWord word ->
          Report.of(
                  "%s is a reserved word and cannot be a name".formatted(quote(word.word())),
                  at,
                  "")
              .help("write %s_ or another name".formatted(word.word()));
      case EqualsSign sign ->
          switch (sign.mistake()) {
            case DEFINES_IN_A_VALUE ->
                Report.of("= defines, it does not compare", at, "")
                    .help(Fix.replacing("write ==", at, "=="));
            case COMPARES_IN_A_DEFINITION ->
                Report.of("== compares, it does not define", at, "")
                    .help(Fix.replacing("write =", at, "="));
          };
      case UnknownType type ->
          Report.of("%s is no type here".formatted(quote(type.found())), at, "")
              .help(
                  OTHER_TYPES.containsKey(type.found())
                      ? "write " + OTHER_TYPES.get(type.found())
                      : "the types are " + String.join(", ", type.known()));
      case Misplaced misplaced ->
          Report.of("%s cannot stand here".formatted(misplaced.what()), at, "")
              .help(misplaced.where());
      case BadBrackets brackets -> Report.of(brackets.why(), at, "").help(brackets.mend());
      case ForeignSpelling foreign ->
          foreign
              .replacement()
              .map(
                  mend ->
                      Report.of(
                              "%s is not written so here".formatted(quote(foreign.found())), at, "")
                          .help(Fix.replacing(foreign.advice(), at, mend)))
              .orElseGet(
                  () ->
                      Report.of(
                              "%s is not written so here".formatted(quote(foreign.found())), at, "")
                          .help(foreign.advice()));
      case NoDefinition none ->
          Report.of(
                  "%s is given no value".formatted(quote(none.name())), at, "= or ~ expected here")
              .help(none.mend());
      case IncompleteHead head ->
          Report.of("found %s where %s is expected".formatted(head.found(), head.missing()), at, "")
              .help("it is written " + head.form());
      case Underflow _ ->
          Report.of("%s is too small for a real and becomes 0".formatted(at.text()), at, "");
      case IdleDoc _ ->
          Report.of("this /// documents nothing", at, "no declaration or equation follows")
              .help("write // for a comment");
    };
  }

  private static Report withHelp(Report report, Optional<String> help) {
    return help.map(report::help).orElse(report);
  }

  private static Report withLookalike(Report report, Span at, Optional<Lookalike> advice) {
    if (advice.isEmpty()) {
      return report;
    }
    Lookalike like = advice.get();
    return report.help(
        like.replacement()
            .map(mend -> Fix.replacing(like.advice(), at, mend))
            .orElseGet(() -> new Fix(like.advice(), List.of())));
  }

  static String quote(String text) {
    return "`" + text + "`";
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= 40 ? line : line.substring(0, 37) + "...";
  }

  private static String character(int c) {
    String name = Character.getName(c);
    String code = "U+%04X".formatted(c);
    String known = name == null ? code : code + " " + name.toLowerCase(java.util.Locale.ROOT);
    boolean visible =
        Character.isLetterOrDigit(c) || (c > ' ' && !Character.isWhitespace(c) && !invisible(c));
    return visible ? quote(Character.toString(c)) + " (" + known + ")" : known;
  }

  private static boolean invisible(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT, Character.SPACE_SEPARATOR, Character.UNASSIGNED, Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static String control(int c) {
    return c == '\r' ? "a carriage return without a line feed" : "U+%04X".formatted(c);
  }

  static String closing(String open) {
    return switch (open) {
      case "(" -> ")";
      case "[" -> "]";
      default -> "}";
    };
  }
}
