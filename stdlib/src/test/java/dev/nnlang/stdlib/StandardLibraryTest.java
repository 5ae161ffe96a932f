package dev.nnlang.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StandardLibraryTest {

  /** What is packed is what lies at the top of the module, file for file. */
  @Test
  void everyFileOfTheModuleIsInTheLibrary() throws IOException {
    List<String> written;
    try (Stream<Path> top = Files.list(Path.of(""))) {
      written = top.map(Path::toString).filter(name -> name.endsWith(".nn")).sorted().toList();
    }
    assertFalse(written.isEmpty());
    List<StandardLibrary.SourceFile> packed = StandardLibrary.files();
    assertEquals(written, packed.stream().map(StandardLibrary.SourceFile::name).toList());
    for (StandardLibrary.SourceFile file : packed) {
      assertEquals(Files.readString(Path.of(file.name())), file.text(), file.name());
    }
  }
}
