package dev.nnlang.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.grammar.NnLexer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeywordsTest {
  @Test
  void reservedWordsAreThoseOfTheLexer() {
    Set<String> words = new HashSet<>();
    for (int type = 1; type <= NnLexer.VOCABULARY.getMaxTokenType(); type++) {
      String literal = NnLexer.VOCABULARY.getLiteralName(type);
      if (literal != null && literal.matches("'[a-z]+'")) {
        words.add(literal.substring(1, literal.length() - 1));
      }
    }
    assertEquals(words, new HashSet<>(Keywords.reserved()));
  }

  @Test
  void declaringWordsAreNamesElsewhere() {
    for (String word : Keywords.declaring()) {
      String text = "fn f : x -> y { %s = x; y = %s(%s = %s.%s) }".replace("%s", word);
      assertEquals(List.of(), Parser.parse(new SourceFile("a.nn", text)).problems(), word);
    }
  }

  @Test
  void noWordIsInTwoLists() {
    Set<String> all = new HashSet<>(Keywords.reserved());
    for (String word : Keywords.declaring()) {
      assertTrue(all.add(word), word);
    }
    for (String word : Keywords.builtIn()) {
      assertTrue(all.add(word), word);
    }
  }
}
