package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.runtime.problem.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTextTest {
  @TempDir private Path folder;

  @Test
  void aPlaceOfAProgramIsTheRestOfItsLine() throws Exception {
    var program =
        Files.writeString(folder.resolve("a.nn"), "data A {\n    𝜇 = 1   \n}\n").toString();
    assertEquals("𝜇 = 1", ProgramText.at(new Place(program, 2, 5)).text());
    assertEquals("= 1", ProgramText.at(new Place(program, 2, 7)).text());
    assertEquals(7, ProgramText.at(new Place(program, 2, 7)).column());
    assertEquals("    𝜇 = 1", ProgramText.at(new Place(program, 2, 0)).text());
  }

  @Test
  void beyondTheEndThereIsNothing() throws Exception {
    var program = Files.writeString(folder.resolve("a.nn"), "x = 1  \n").toString();
    assertEquals("", ProgramText.at(new Place(program, 1, 7)).text());
    assertEquals("", ProgramText.at(new Place(program, 1, 99)).text());
    assertEquals(9, ProgramText.at(new Place(program, 9, 1)).line());
  }

  @Test
  void whatIsNoProgramIsOnlyNamed() throws Exception {
    var table = Files.writeString(folder.resolve("a.csv"), "1,2\n").toString();
    assertEquals("", ProgramText.at(new Place(table, 1, 3)).text());
    assertEquals(3, ProgramText.at(new Place(table, 1, 3)).column());
    assertEquals(4, ProgramText.at(new Place("none.nn", 4, 2)).line());
  }
}
