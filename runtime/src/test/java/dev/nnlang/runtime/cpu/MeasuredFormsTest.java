package dev.nnlang.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.cpu.ProductShape.Access;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the cost model chooses can be computed, and what was measured is kept where it is right. */
class MeasuredFormsTest {
  @TempDir private Path folder;
  private String before;

  @BeforeEach
  void ownFolder() {
    before = System.getProperty(MeasuredForms.FOLDER, "");
    use("cache");
  }

  @AfterEach
  void restore() {
    System.setProperty(MeasuredForms.FOLDER, before);
  }

  /** A process reads a file once: another folder is another process. */
  private Path use(String name) {
    var place = folder.resolve(name);
    System.setProperty(MeasuredForms.FOLDER, place.toString());
    return place.resolve("products.forms");
  }

  private static ProductShape shape(int rows, int columns, int depth, Access left, Access right) {
    return new ProductShape(
        1, rows, columns, depth, left, right, Step.Kept.NOT, true, ElementType.F32, 1);
  }

  private static final ProductShape SHAPE = shape(128, 256, 512, Access.RUNS, Access.NEIGHBOURS);

  private static ProductForm another(ProductShape shape) {
    return ProductCost.all(shape).get(1);
  }

  @Test
  void whatIsChosenCanBeComputed() {
    var wrong = new ArrayList<String>();
    for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 96, 97, 1000}) {
      for (int columns : new int[] {1, 7, 8, 9, 16, 17, 31, 33, 48, 100, 224, 225, 1000}) {
        for (var left : Access.values()) {
          for (var right : Access.values()) {
            var shape = shape(rows, columns, 20, left, right);
            if (!ProductCost.best(shape).fits(shape)) {
              wrong.add(shape + ": " + ProductCost.best(shape));
            }
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void formsThatDoNotFit() {
    var computed = shape(20, 40, 9, Access.COMPUTED, Access.PLACES);
    assertTrue(new ProductForm(TileForm.ROWS, true, true, 2).fits(computed));
    assertFalse(new ProductForm(TileForm.ROWS, false, true, 2).fits(computed), "left in place");
    assertFalse(new ProductForm(TileForm.ROWS, true, false, 2).fits(computed), "right in place");
    assertFalse(new ProductForm(11, true, true, 2).fits(computed), "no such tile");
    assertFalse(new ProductForm(0, true, true, 2).fits(computed), "no rows");
    assertFalse(new ProductForm(1, true, true, 3).fits(computed), "no such panel");
  }

  @Test
  void keptForThisMachine() throws ProblemException, IOException {
    assertEquals(ProductCost.best(SHAPE), MeasuredForms.ofUser().of(SHAPE));
    var form = another(SHAPE);
    assertNotEquals(ProductCost.best(SHAPE), form);
    var file = use("kept");
    assertEquals(Optional.of(file), MeasuredForms.keep(Map.of(SHAPE, form)));
    assertEquals(form, MeasuredForms.ofUser().of(SHAPE));

    var later = use("later");
    Files.createDirectories(later.getParent());
    Files.copy(file, later);
    assertEquals(form, MeasuredForms.ofUser().of(SHAPE));
    var other = shape(1, 2, 3, Access.PLACES, Access.PLACES);
    assertEquals(ProductCost.best(other), MeasuredForms.ofUser().of(other));

    MeasuredForms.keep(Map.of(SHAPE, ProductCost.best(SHAPE)));
    assertEquals(ProductCost.best(SHAPE), MeasuredForms.ofUser().of(SHAPE));
  }

  @Test
  void nothingIsKeptWithoutAFolder() throws ProblemException {
    System.setProperty(MeasuredForms.FOLDER, "");
    assertEquals(Optional.empty(), MeasuredForms.keep(Map.of(SHAPE, another(SHAPE))));
    assertEquals(ProductCost.best(SHAPE), MeasuredForms.ofUser().of(SHAPE));
  }

  @Test
  void whatIsDamagedIsNotUsed() throws ProblemException, IOException {
    var whole = Files.readAllBytes(kept());
    for (int at = 0; at < whole.length; at += 1 + whole.length / 9) {
      var damaged = whole.clone();
      damaged[at] ^= 0x10;
      var file = use("damaged" + at);
      Files.createDirectories(file.getParent());
      Files.write(file, damaged);
      assertEquals(ProductCost.best(SHAPE), MeasuredForms.ofUser().of(SHAPE), "byte " + at);
    }
    var file = use("short");
    Files.createDirectories(file.getParent());
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertEquals(ProductCost.best(SHAPE), MeasuredForms.ofUser().of(SHAPE));
    MeasuredForms.keep(Map.of(SHAPE, another(SHAPE)));
    assertEquals(whole.length, Files.size(file), "written anew");
  }

  private Path kept() throws ProblemException {
    return MeasuredForms.keep(Map.of(SHAPE, another(SHAPE))).orElseThrow();
  }
}
