package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.AstPrinter;
import java.util.Map;
import java.util.Set;

/**
 * What is known of a program from its last check, so that the next one, after an edit, looks only
 * at what may have changed (see {@link Recheck}). It holds no answers, only which declarations had
 * nothing to answer: of them no problem was found.
 */
public final class Known {
  /** Nothing: everything is looked at. */
  public static final Known NOTHING = new Known(Map.of(), false);

  /**
   * A declaration as it was.
   *
   * @param text its characters
   * @param reading how they were parsed
   * @param meanings what each of its words meant at the top of its file
   * @param used the user's declarations among them, by file and name
   * @param lacking which words a failed {@code use} might have brought in
   * @param isClean whether nothing was found in it, and nothing was left open
   */
  record Entry(
      String text,
      Reading reading,
      Map<String, String> meanings,
      Set<String> used,
      String lacking,
      boolean isClean) {}

  /**
   * A tree that is compared with others by its text form, which is written when it is asked for.
   */
  static final class Reading {
    private final Ast.Declaration tree;
    private String printed;

    Reading(Ast.Declaration tree) {
      this.tree = tree;
    }

    boolean isLike(Reading other) {
      boolean isLike = printed().equals(other.printed());
      if (isLike) {
        // One text for both, however many edits it outlives.
        printed = other.printed;
      }
      return isLike;
    }

    private String printed() {
      if (printed == null) {
        printed = AstPrinter.print(tree);
      }
      return printed;
    }
  }

  private final Map<String, Entry> entries;
  private final boolean hasSyntaxProblems;

  Known(Map<String, Entry> entries, boolean hasSyntaxProblems) {
    this.entries = Map.copyOf(entries);
    this.hasSyntaxProblems = hasSyntaxProblems;
  }

  /** By file and name. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** Whether the text had errors, so that equal characters may have been read in another way. */
  boolean hasSyntaxProblems() {
    return hasSyntaxProblems;
  }
}
