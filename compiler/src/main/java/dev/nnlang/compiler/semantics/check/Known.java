package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.AstPrinter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a program from its earlier checks, so that the next one, after an edit, looks
 * only at what may have changed (see {@link Recheck}). It holds no problems, only of which
 * declarations there were none, and what that rested on.
 */
public final class Known {
  /** Nothing: everything is looked at. */
  public static final Known NOTHING = new Known(Map.of(), new IdentityHashMap<>());

  /**
   * A declaration as it is, or was, written.
   *
   * @param text its characters
   * @param reading how they were parsed
   * @param meanings what each of its words meant at the top of its file
   * @param lacking which words a failed {@code use} might have brought in
   * @param isSound whether the whole text had no errors, so that its characters have one reading
   * @param version the same object for all that are written alike
   */
  record Writing(
      String text,
      Reading reading,
      Map<String, String> meanings,
      String lacking,
      boolean isSound,
      Object version) {}

  /**
   * A tree that is compared with others by its text form, which is written when it is asked for.
   */
  static final class Reading {
    private Ast.Declaration tree;
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

    /** Lets go of the tree, and with it of the text of the whole file. */
    void keepText() {
      printed();
      tree = null;
    }

    private String printed() {
      if (printed == null) {
        printed = AstPrinter.print(tree);
      }
      return printed;
    }
  }

  /**
   * A declaration in which nothing was found. Nothing is found in it again where it rests on the
   * same and hears the same, and then it says the same.
   *
   * @param rests by name the versions of what is written, and the faces of what has one
   * @param hears from its uses
   * @param says to those that it uses
   * @param face what others see of it, if it has one
   */
  record Clean(Map<String, Object> rests, Said.Heard hears, List<Said> says, Object face) {}

  /**
   * All of one declaration.
   *
   * @param writings the newest first
   * @param clean how it was clean, the newest first
   * @param says what it said last, clean or not
   * @param face what was last seen of it
   * @param absent for how many checks it has not been there
   */
  record Entry(
      List<Writing> writings, List<Clean> clean, List<Said> says, Object face, int absent) {
    static final Entry NONE = new Entry(List.of(), List.of(), List.of(), null, 0);

    /** It is not there now. */
    Entry gone() {
      return new Entry(writings, clean, List.of(), null, absent + 1);
    }
  }

  private final Map<String, Entry> entries;
  private final Map<Ast.Declaration, Clean> now;

  /**
   * @param now the declarations of the last check that are clean
   */
  Known(Map<String, Entry> entries, Map<Ast.Declaration, Clean> now) {
    this.entries = Map.copyOf(entries);
    this.now = now;
  }

  /** By file and name. */
  Map<String, Entry> entries() {
    return entries;
  }

  /**
   * What stands for all that may be found out about a declaration by itself: while it is the same
   * object, so are the answers, but for where they stand. Empty where there are problems.
   */
  public Optional<Object> standing(Ast.Declaration declaration) {
    return Optional.ofNullable(now.get(declaration));
  }

  /** What may stand for a declaration again after the next edit. */
  public Set<Object> standings() {
    var all = Collections.<Object>newSetFromMap(new IdentityHashMap<>());
    entries.values().forEach(e -> all.addAll(e.clean()));
    return all;
  }
}
