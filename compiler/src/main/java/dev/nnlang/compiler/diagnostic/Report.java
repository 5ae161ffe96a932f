package dev.nnlang.compiler.diagnostic;

import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A problem in words: one sentence of what was found and what was expected, the places that show
 * it, and a mend where one is known.
 *
 * @param title the sentence after the code, without a full stop
 * @param primary the place the message is about
 * @param others other places that matter: where the other side came from, a library line
 * @param notes further sentences, each on its own line
 * @param fix one thing to try
 */
public record Report(
    String title, Label primary, List<Label> others, List<String> notes, Optional<Fix> fix) {
  public Report {
    others = List.copyOf(others);
    notes = List.copyOf(notes);
  }

  /** A report with a title and one underline with these words beside it (they may be empty). */
  public static Report of(String title, Span at, String label) {
    return new Report(title, new Label(at, label), List.of(), List.of(), Optional.empty());
  }

  /** With one more place. */
  public Report with(Span span, String text) {
    List<Label> more = new ArrayList<>(others);
    more.add(new Label(span, text));
    return new Report(title, primary, more, notes, fix);
  }

  /** With one more place, where it is known. */
  public Report with(Optional<Span> span, String text) {
    return span.map(known -> with(known, text)).orElse(this);
  }

  /** With one more sentence. */
  public Report note(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new Report(title, primary, others, more, fix);
  }

  /** With advice in words. */
  public Report help(String text) {
    return help(Fix.saying(text));
  }

  /** With a mend. */
  public Report help(Fix mend) {
    return new Report(title, primary, others, notes, Optional.of(mend));
  }
}
