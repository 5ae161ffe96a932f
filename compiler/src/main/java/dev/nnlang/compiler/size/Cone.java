package dev.nnlang.compiler.size;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whether polynomials that are all said to be at least 0 contradict each other.
 *
 * <p>Every monomial is taken as a variable of its own. By Farkas' lemma the linear system has no
 * solution exactly if some combination of the polynomials with multipliers at least 0 is a negative
 * constant (less monomials that are themselves at least 0). The multipliers are found by the primal
 * simplex method: maximise minus the constant, while each monomial's coefficient stays at most 0.
 * All right-hand sides are 0, so only signs matter, a row may be scaled by any positive number, and
 * the tableau stays in integers. Bland's rule keeps it from cycling.
 */
final class Cone {
  private static final int MOST_PIVOTS = 400;

  private final long[][] rows;
  private final long[] gain;
  private final int[] basis;

  private Cone(long[][] rows, long[] gain, int[] basis) {
    this.rows = rows;
    this.gain = gain;
    this.basis = basis;
  }

  /** False also where the search grows beyond 64 bits or its bound. */
  static boolean contradictory(
      Collection<Poly> atLeastZero, Predicate<List<Atom>> monomialAtLeastZero) {
    var columns = List.copyOf(atLeastZero);
    var numbers = new LinkedHashMap<List<Atom>, Integer>();
    for (var poly : columns) {
      poly.terms().keySet().stream()
          .filter(m -> !m.isEmpty())
          .forEach(m -> numbers.putIfAbsent(m, numbers.size()));
    }
    var free = new ArrayList<Integer>();
    numbers.forEach(
        (m, number) -> {
          if (!monomialAtLeastZero.test(m)) {
            free.add(number);
          }
        });
    int n = columns.size();
    // A monomial of any sign is a difference of two that are at least 0: a second, opposite row.
    int m = numbers.size() + free.size();
    var rows = new long[m][n + m];
    var gain = new long[n + m];
    for (int j = 0; j < n; j++) {
      for (var term : columns.get(j).terms().entrySet()) {
        if (term.getKey().isEmpty()) {
          gain[j] = Math.negateExact(term.getValue());
        } else {
          rows[numbers.get(term.getKey())][j] = term.getValue();
        }
      }
    }
    for (int k = 0; k < free.size(); k++) {
      for (int j = 0; j < n; j++) {
        rows[numbers.size() + k][j] = -rows[free.get(k)][j];
      }
    }
    var basis = new int[m];
    for (int i = 0; i < m; i++) {
      rows[i][n + i] = 1;
      basis[i] = n + i;
    }
    try {
      return new Cone(rows, gain, basis).unbounded();
    } catch (ArithmeticException _) {
      return false;
    }
  }

  private boolean unbounded() {
    for (int pivots = 0; pivots < MOST_PIVOTS; pivots++) {
      int entering = firstPositive(gain);
      if (entering < 0) {
        return false;
      }
      int leaving = -1;
      for (int i = 0; i < rows.length; i++) {
        if (rows[i][entering] > 0 && (leaving < 0 || basis[i] < basis[leaving])) {
          leaving = i;
        }
      }
      if (leaving < 0) {
        return true;
      }
      pivot(leaving, entering);
    }
    return false;
  }

  private static int firstPositive(long[] values) {
    for (int j = 0; j < values.length; j++) {
      if (values[j] > 0) {
        return j;
      }
    }
    return -1;
  }

  private void pivot(int leaving, int entering) {
    var pivotRow = rows[leaving];
    for (int i = 0; i < rows.length; i++) {
      if (i != leaving) {
        cancel(rows[i], pivotRow, entering);
      }
    }
    cancel(gain, pivotRow, entering);
    basis[leaving] = entering;
  }

  /** Adds a multiple of the pivot row so that the entry in {@code column} becomes 0. */
  private static void cancel(long[] row, long[] pivotRow, int column) {
    long entry = row[column];
    if (entry == 0) {
      return;
    }
    long common = Poly.gcd(entry, pivotRow[column]);
    long scale = pivotRow[column] / common;
    long factor = entry / common;
    long divisor = 0;
    for (int j = 0; j < row.length; j++) {
      row[j] =
          Math.subtractExact(
              Math.multiplyExact(row[j], scale), Math.multiplyExact(pivotRow[j], factor));
      if (divisor != 1) {
        divisor = Poly.gcd(divisor, row[j]);
      }
    }
    if (divisor > 1) {
      long by = divisor;
      Arrays.setAll(row, j -> row[j] / by);
    }
  }
}
