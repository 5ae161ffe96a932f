package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.cpu.ProductForm;
import dev.nnlang.runtime.cpu.ProductShape;
import dev.nnlang.runtime.cpu.ProductShape.Access;
import dev.nnlang.runtime.cpu.Step;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search for the fastest forms, with times that are made up. */
class FormSearchTest {
  private static final ProductForm USUAL = new ProductForm(8, false, true, 2);
  private static final ProductForm FASTER = new ProductForm(8, true, true, 2);
  private static final ProductForm SLOW = new ProductForm(1, false, true, 8);

  private static ProductShape shape(int rows, Access left) {
    return new ProductShape(
        1, rows, 64, 32, left, Access.PLACES, Step.Kept.NOT, true, ElementType.F32, 1);
  }

  private static final ProductShape FIRST = shape(100, Access.RUNS);
  private static final ProductShape SECOND = shape(7, Access.COMPUTED);

  /** Nanoseconds of each form, which some turns need more of. */
  private static double nanos(ProductShape shape, ProductForm form) {
    double base = form.equals(FASTER) ? 6000 : form.equals(SLOW) ? 90_000 : 8000;
    return shape.equals(SECOND) && form.equals(FASTER) ? 7900 : base;
  }

  @Test
  void findsTheFastestAndLeavesOutWhatIsSlow() {
    var random = new Random(5);
    var turns = new HashMap<ProductForm, Integer>();
    var told = new ArrayList<Integer>();
    FormSearch.Trial trial =
        forms -> {
          var times = new HashMap<ProductShape, Double>();
          forms.forEach(
              (shape, form) -> {
                double late = random.nextInt(5) == 0 ? 50_000 : random.nextInt(50);
                times.put(shape, nanos(shape, form) + late);
              });
          turns.merge(forms.get(FIRST), 1, Integer::sum);
          return times;
        };
    var shapes = new LinkedHashMap<ProductShape, List<ProductForm>>();
    shapes.put(FIRST, List.of(USUAL, SLOW, FASTER));
    shapes.put(SECOND, List.of(USUAL, FASTER));
    var found =
        new FormSearch(
                shapes,
                trial,
                (done, total) -> {
                  told.add(done);
                  assertTrue(done <= total, done + " of " + total);
                })
            .run();
    assertEquals(List.of(FIRST, SECOND), found.stream().map(FormSearch.Found::shape).toList());
    assertEquals(FASTER, found.getFirst().best());
    assertEquals(USUAL, found.getFirst().model());
    assertEquals(3, found.getFirst().forms());
    assertEquals(0.75, found.getFirst().ratio(), 0.01);
    assertEquals(0.99, found.getLast().ratio(), 0.01);
    assertTrue(turns.get(SLOW) < 4, turns.toString());
    assertEquals(turns.values().stream().mapToInt(t -> t).sum(), told.getLast());
  }

  @Test
  void oneFormIsTheFastest() {
    var found =
        new FormSearch(Map.of(FIRST, List.of(USUAL)), forms -> Map.of(FIRST, 4000.0), (_, _) -> {})
            .run();
    assertEquals(List.of(new FormSearch.Found(FIRST, USUAL, 4000, USUAL, 4000, 1)), found);
  }

  @Test
  void theTable() {
    assertEquals(
        """
        products  rows x columns x depth  factors          cost model            us  fastest             us  ratio
               3           100 x 64 x 32  runs/places      8x2 in place/packed  8.0  8x2 packed/packed  6.0  0.75  kept
               1             7 x 64 x 32  computed/places  8x2 in place/packed  1.5  the same           1.5  1.00
        """,
        new FormTable(
                List.of(
                    new FormSearch.Found(SECOND, USUAL, 1500, USUAL, 1500, 9),
                    new FormSearch.Found(FIRST, USUAL, 8000, FASTER, 6000, 9)),
                Map.of(FIRST, 3, SECOND, 1))
            .toString());
  }
}
