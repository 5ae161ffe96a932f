package dev.nnlang.compiler.size;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The terms of a polynomial: monomials in order, each with its non-zero coefficient. Nearly all
 * polynomials have one to three, and every stage makes them by the thousand: two short arrays are
 * several times faster than a tree.
 */
public final class Terms extends AbstractMap<List<Atom>, Long> {
  static final Terms NONE = new Terms(new Object[0], new long[0]);

  /** Each a {@code List<Atom>}. */
  private final Object[] monomials;

  private final long[] coefficients;

  private Terms(Object[] monomials, long[] coefficients) {
    this.monomials = monomials;
    this.coefficients = coefficients;
  }

  static Terms of(List<Atom> monomial, long coefficient) {
    return coefficient == 0 ? NONE : new Terms(new Object[] {monomial}, new long[] {coefficient});
  }

  /** Terms that are added up, in any order. */
  static final class Sum {
    private Object[] monomials;
    private long[] coefficients;
    private int size;

    Sum(int expected) {
      monomials = new Object[expected];
      coefficients = new long[expected];
    }

    Sum(Terms first, int more) {
      size = first.size();
      monomials = Arrays.copyOf(first.monomials, size + more);
      coefficients = Arrays.copyOf(first.coefficients, size + more);
    }

    void add(List<Atom> monomial, long c) {
      if (c == 0) {
        return;
      }
      // From behind: what is added is most often in order.
      int at = size;
      int order = -1;
      while (at > 0 && (order = compare(at(monomials, at - 1), monomial)) > 0) {
        at--;
      }
      if (at > 0 && order == 0) {
        addTo(at - 1, c);
      } else {
        insert(at, monomial, c);
      }
    }

    private void addTo(int at, long c) {
      long sum = Math.addExact(coefficients[at], c);
      if (sum != 0) {
        coefficients[at] = sum;
        return;
      }
      size--;
      System.arraycopy(monomials, at + 1, monomials, at, size - at);
      System.arraycopy(coefficients, at + 1, coefficients, at, size - at);
    }

    private void insert(int at, List<Atom> monomial, long c) {
      if (size == monomials.length) {
        monomials = Arrays.copyOf(monomials, 2 * size + 2);
        coefficients = Arrays.copyOf(coefficients, 2 * size + 2);
      }
      System.arraycopy(monomials, at, monomials, at + 1, size - at);
      System.arraycopy(coefficients, at, coefficients, at + 1, size - at);
      monomials[at] = monomial;
      coefficients[at] = c;
      size++;
    }

    Terms terms() {
      return size == 0
          ? NONE
          : size == monomials.length
              ? new Terms(monomials, coefficients)
              : new Terms(Arrays.copyOf(monomials, size), Arrays.copyOf(coefficients, size));
    }
  }

  /** Shorter ones first, then atom by atom. */
  static int compare(List<Atom> a, List<Atom> b) {
    if (a == b) {
      return 0;
    }
    int size = a.size();
    if (size != b.size()) {
      return Integer.compare(size, b.size());
    }
    for (int i = 0; i < size; i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @SuppressWarnings("unchecked")
  private static List<Atom> at(Object[] monomials, int number) {
    return (List<Atom>) monomials[number];
  }

  /** In the order of monomials; the constant's is empty and first. */
  public List<Atom> monomial(int number) {
    return at(monomials, number);
  }

  /** Of that monomial. */
  public long coefficient(int number) {
    return coefficients[number];
  }

  /** The same monomials with other coefficients, none of them 0. */
  Terms with(long[] others) {
    return new Terms(monomials, others);
  }

  public List<Atom> firstKey() {
    return key(0);
  }

  public List<Atom> lastKey() {
    return key(monomials.length - 1);
  }

  private List<Atom> key(int number) {
    if (monomials.length == 0) {
      throw new NoSuchElementException();
    }
    return at(monomials, number);
  }

  @Override
  public int size() {
    return monomials.length;
  }

  @Override
  public boolean isEmpty() {
    return monomials.length == 0;
  }

  @Override
  public Long get(Object monomial) {
    for (int i = 0; i < monomials.length; i++) {
      if (monomials[i].equals(monomial)) {
        return coefficients[i];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(Object monomial) {
    return get(monomial) != null;
  }

  @Override
  public void forEach(BiConsumer<? super List<Atom>, ? super Long> action) {
    for (int i = 0; i < monomials.length; i++) {
      action.accept(at(monomials, i), coefficients[i]);
    }
  }

  @Override
  public Set<Entry<List<Atom>, Long>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<List<Atom>, Long>> iterator() {
        return new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < monomials.length;
          }

          @Override
          public Entry<List<Atom>, Long> next() {
            if (next == monomials.length) {
              throw new NoSuchElementException();
            }
            return Map.entry(at(monomials, next), coefficients[next++]);
          }
        };
      }

      @Override
      public int size() {
        return monomials.length;
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Terms that
        ? Arrays.equals(coefficients, that.coefficients) && Arrays.equals(monomials, that.monomials)
        : super.equals(other);
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (int i = 0; i < monomials.length; i++) {
      hash += monomials[i].hashCode() ^ Long.hashCode(coefficients[i]);
    }
    return hash;
  }
}
