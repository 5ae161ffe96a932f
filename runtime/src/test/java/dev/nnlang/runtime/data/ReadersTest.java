package dev.nnlang.runtime.data;

import static dev.nnlang.runtime.data.Opening.N;
import static dev.nnlang.runtime.data.Opening.open;
import static dev.nnlang.runtime.data.Opening.refused;
import static dev.nnlang.runtime.data.Opening.source;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {
  @TempDir Path dir;

  @Test
  void aJavaClassIsAReader() throws Exception {
    var plan = source("x", List.of(N), new Element.Real(), Countdown.class.getName());
    assertArrayEquals(new double[] {3, 2, 1}, open(dir, plan).tensor("x").doubles());
  }

  @Test
  void refusesUnknownReaders() {
    refused(
        dir,
        """
        error[E0806]: there is no reader xlsx
          --> a.nn:7:5
          expected: one of chars, csv, idx, images, linspace, npy, npz, parquet, safetensors, or a Java class
        """,
        source("x", List.of(N), new Element.Real(), "xlsx"));
    refused(
        dir,
        """
        error[E0806]: parquet is not read by this build
          --> a.nn:7:5
          expected: a module on the path that provides a DataFormat of that name
          help: add such a module, or write the table as csv or npy
        """,
        source("x", List.of(N), new Element.Real(), "parquet"));
    refused(
        dir,
        """
        error[E0806]: there is no class com.acme.Sensor on the path
          --> a.nn:7:5
          expected: a public class in an exported package that implements dev.nnlang.runtime.data.DataSource and has a public constructor without arguments
        """,
        source("x", List.of(N), new Element.Real(), "com.acme.Sensor"));
    refused(
        dir,
        """
        error[E0806]: the class java.lang.String is no DataSource
          --> a.nn:7:5
          expected: a public class in an exported package that implements dev.nnlang.runtime.data.DataSource and has a public constructor without arguments
        """,
        source("x", List.of(N), new Element.Real(), "java.lang.String"));
  }

  @Test
  void sharedFoldersAreSearchedUnderTheirOwnNames() throws Exception {
    var shared = Files.createDirectories(dir.resolve("shared/plays")).getParent();
    Files.writeString(shared.resolve("plays/input.txt"), "ab");
    Files.writeString(shared.resolve("x.csv"), "1\n");
    var known = new DataFolders.KnownFile("shakespeare", "data/shakespeare.txt", "plays/input.txt");
    var folders =
        new DataFolders(
            dir.resolve("here"), List.of(shared), List.of(known), (_, _) -> Optional.empty());
    var declared = new Place("a.nn", 7, 5);
    assertEquals(
        shared.resolve("plays/input.txt"), folders.find("data/shakespeare.txt", declared).path());
    assertEquals(shared.resolve("x.csv"), folders.find("data/x.csv", declared).path());
    Files.delete(shared.resolve("plays/input.txt"));
    var e =
        assertThrows(ProblemException.class, () -> folders.find("data/shakespeare.txt", declared));
    assertEquals(
        """
        error[E0801]: there is no file "data/shakespeare.txt"
          --> a.nn:7:5
          expected: the file in DIR/here/data or in DIR/shared or in DIR/shared/plays
          help: nn data get shakespeare fetches it; or set NN_DATA to the folder that has it""",
        e.problem().toString().replace(dir.toString(), "DIR"));
  }

  @Test
  void aNameThatIsNotThereMayHaveMeantOneBeside() throws Exception {
    var shared = Files.createDirectories(dir.resolve("shared"));
    Files.createDirectories(dir.resolve("here/data"));
    Files.writeString(dir.resolve("here/data/own.csv"), "1\n");
    Files.writeString(shared.resolve("common.csv"), "1\n");
    var known = new DataFolders.KnownFile("plays", "data/plays.txt", "plays/input.txt");
    var there = new ArrayList<String>();
    var folders =
        new DataFolders(
            dir.resolve("here"),
            List.of(shared),
            List.of(known),
            (_, names) -> {
              there.addAll(names);
              return Optional.of("own.csv");
            });
    var e =
        assertThrows(
            ProblemException.class, () -> folders.find("data/owns.csv", new Place("a.nn", 7, 5)));
    assertEquals("did you mean data/own.csv?", e.problem().mend());
    assertEquals(List.of("own.csv", "common.csv", "plays.txt"), there);
  }
}
