package dev.nnlang.runtime.cpu;

import static dev.nnlang.runtime.cpu.ProductForm.fewRows;
import static dev.nnlang.runtime.cpu.TileForm.FEW;
import static dev.nnlang.runtime.cpu.TileForm.ROWS;

import dev.nnlang.runtime.cpu.ProductShape.Access;
import java.util.ArrayList;
import java.util.List;

/**
 * Which form of a product should be the fastest, from its shape alone; and all forms that it can
 * have.
 *
 * <p>A factor is read where it lies if it can be and if too little is computed with a copy of it to
 * pay for the copying: the left one if there are few columns, the right one if its columns are
 * neighbours and there are few rows. A right factor that stays the same for many runs is packed
 * once for all of them. {@code nn tune --kernels} compares what is chosen here with what is
 * fastest.
 */
public final class ProductCost {
  /**
   * With more rows than this it pays to pack a right factor whose terms are evenly spaced. Read in
   * place, a column's lines lie in few sets of the first cache, and each tile fetches them anew:
   * with short vectors that took twice as long for 32 rows. With long ones, where a line of two
   * vectors is computed with three times as long, it was 96 when copies were slower than they are;
   * and there it holds for runs of terms, too.
   */
  private static final int ROWS_WORTH_PACKING = TileForm.canBeSmaller() ? 24 : 96;

  /**
   * With more columns than make so many panels it pays to pack the left factor: copying an element
   * takes about 0.4 ns once, and each panel of columns then needs a fifth less of 0.3 ns for it, or
   * much less where places lie a power of two apart. With panels of 32 columns those of 512 are 4
   * to 9 % faster in place.
   */
  private static final int PANELS_WORTH_PACKING = TileForm.canBeSmaller() ? 14 : 16;

  /** The same of a left factor whose rows are neighbours: they are copied line by line. */
  private static final int PANELS_WORTH_PACKING_LINES = TileForm.canBeSmaller() ? 4 : 15;

  /** The same where the right factor is read in place: to look up both takes more registers. */
  private static final int PANELS_WORTH_PACKING_ONE = TileForm.canBeSmaller() ? 4 : 16;

  /** With so few terms a panel stays in the first cache while several small tiles read it. */
  private static final int SHORT = 64;

  /** Columns of a panel, at most. */
  private static final int WIDEST_PANEL = 64;

  private ProductCost() {}

  /** The form that should be the fastest. */
  public static ProductForm best(ProductShape shape) {
    boolean packsRight = packsRight(shape);
    boolean packsLeft =
        shape.left() == Access.COMPUTED || shape.columns() > columnsInPlace(shape, packsRight);
    int tileRows = tileRows(shape, packsLeft, packsRight);
    return new ProductForm(
        tileRows,
        // What few rows save by a packed left factor is less than its copy costs.
        shape.left() == Access.COMPUTED || packsLeft && shape.rows() > FEW / 2,
        packsRight,
        packsRight ? panelVectors(shape, tileRows) : ProductForm.widest(tileRows));
  }

  private static boolean packsRight(ProductShape shape) {
    if (!shape.canReadRight() || shape.kept() != Step.Kept.NOT || shape.left() == Access.WINDOWS) {
      return true;
    }
    return switch (shape.right()) {
      case COMPUTED, PLACES -> true;
      case RUNS -> TileForm.canBeSmaller() || shape.rows() > ROWS_WORTH_PACKING;
      case NEIGHBOURS -> shape.rows() > ROWS_WORTH_PACKING || shape.columns() < shape.lanes();
      // A copy would have each element many times.
      case WINDOWS -> false;
    };
  }

  /** The most columns with which the left factor is read in place. */
  private static int columnsInPlace(ProductShape shape, boolean packsRight) {
    int lines = packsRight ? PANELS_WORTH_PACKING_LINES : PANELS_WORTH_PACKING_ONE;
    int panels = shape.left() == Access.NEIGHBOURS ? lines : PANELS_WORTH_PACKING;
    return panels * TileForm.VECTORS * shape.lanes();
  }

  /** Few, if the result has no more; smaller ones, where larger ones would waste much. */
  private static int tileRows(ProductShape shape, boolean packsLeft, boolean packsRight) {
    int rows = shape.rows();
    if (rows <= FEW / 2) {
      return fewRows(rows);
    }
    if (isFewMore(rows) && shape.depth() <= SHORT && !TileForm.canBeSmaller()) {
      return rows % 4 == 0 ? 4 : 2;
    }
    if (shape.columns() <= shape.lanes() && packsRight) {
      if (packsLeft) {
        return rows > FEW ? TileForm.NARROW_PACKED_ROWS : FEW;
      }
      return switch (shape.left()) {
        case NEIGHBOURS, WINDOWS -> FEW;
        default -> TileForm.canBeSmaller() ? FEW : TileForm.LOOKED_UP_ROWS;
      };
    }
    // Rows that are packed are as cheap in small tiles; those in place are looked up for each.
    double wins = packsLeft ? 0.98 : 0.85;
    boolean wastes = terms(rows, FEW / 2) < wins * terms(rows, ROWS);
    return TileForm.canBeSmaller() && wastes ? FEW / 2 : ROWS;
  }

  /**
   * Whether tiles of two or four rows fit and larger ones would waste much: ten rows, such as a
   * class's weights have, are five tiles of two and not one of eight and one of two.
   */
  private static boolean isFewMore(int rows) {
    return rows < 2 * ROWS && rows % 2 == 0 && 4 * rows <= 3 * Tiling.up(rows, ROWS);
  }

  /**
   * About how long the tiles of a column take. A smaller one than {@link TileForm#FEW} sums waits
   * for them, and the last one, if it is smaller, looks up its rows.
   */
  private static int terms(int rows, int tileRows) {
    int rest = rows % tileRows;
    return rows - rest + (rest == 0 ? 0 : Math.max(rest, FEW / 2) + 2);
  }

  /**
   * With few rows panels are wide, so that much lies in a line, unless much of it is wasted. Four
   * lines of the cache for a term are enough: with eight, one row took 3 to 17 % longer.
   */
  private static int panelVectors(ProductShape shape, int tileRows) {
    int lanes = shape.lanes();
    int columns = shape.columns();
    if (tileRows >= TileForm.LOOKED_UP_ROWS) {
      return columns <= lanes ? 1 : TileForm.VECTORS;
    }
    int vectors = Math.max(1, Math.min(FEW / tileRows, WIDEST_PANEL / lanes));
    while (vectors > 1 && 8 * Tiling.up(columns, vectors * lanes) > 9 * Tiling.up(columns, lanes)) {
      vectors /= 2;
    }
    return vectors;
  }

  /** Every form that a product of this shape can have, the one that is chosen by cost first. */
  public static List<ProductForm> all(ProductShape shape) {
    var best = best(shape);
    var all = new ArrayList<ProductForm>();
    all.add(best);
    var rows = TileForm.ALL.stream().map(TileForm::rows).distinct().sorted().toList();
    for (int tileRows : rows) {
      for (boolean packsLeft : new boolean[] {false, true}) {
        for (int vectors = 1; vectors <= FEW; vectors *= 2) {
          all.add(new ProductForm(tileRows, packsLeft, true, vectors));
        }
        all.add(new ProductForm(tileRows, packsLeft, false, ProductForm.widest(tileRows)));
      }
    }
    return all.stream().distinct().filter(form -> form == best || form.fits(shape)).toList();
  }
}
