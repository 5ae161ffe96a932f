package dev.nnlang.compiler.size;

import static dev.nnlang.compiler.size.PolyText.facts;
import static dev.nnlang.compiler.size.PolyText.poly;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProverTest {
  @ParameterizedTest(name = "{0} |- {1} >= 0")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                     | N - 1
          i: N                                   | N - 1 - i
          i: N                                   | i
          t: T; T <= C                           | C - 1 - t
          i: H; j: W                             | H*W - 1 - i*W - j
          i: A; j: B; k: C                       | A*B*C - 1 - (i*B + j)*C - k
          i: A - 1                               | A - 1 - (i + 1)
          h: 26; r: 3                            | 27 - h - r
          h: (H - K) / 2 + 1; r: K; K <= H       | H - 1 - 2*h - r
          h: (H + 2*P - K) / S + 1; r: K; h*S + r - P >= 0 | H - 1 + P - h*S - r + P
          h: (H - K) / S + 1; r: K               | H - 1 - h*S - r
          h: H / 2; r: 2                         | H - 1 - 2*h - r
          h: H / P; r: P                         | H - 1 - h*P - r
          D % A == 0; a: A; d: D / A             | D - 1 - a*(D / A) - d
          D % A == 0                             | D / A - 1
          D % A == 0                             | 2*D / A - 2
          i: 784                                 | 27 - i / 28
          i: 784                                 | 27 - i % 28
          i: N                                   | 9 - i % 10
          i: N*M                                 | N - 1 - i / M
          i: N*M                                 | M - 1 - i % M
          t: T; t != 0                           | t - 1
          t: T; t != T - 1                       | T - 2 - t
          t: T; s: t + 1                         | T - 1 - s
          t: T; s: T; s < t                      | T - 2 - s
          i: 5; 2*i < 7                          | 3 - i
          n: N - W; k: W                         | N - 1 - n - k
          n: N; n >= W; k: W                     | n - 1 - k
          i: I; j: J                             | (I - i)*(J - j) - 1
          ''                                     | (N - 1)*(M - 1)
          ''                                     | N*M*K - K
          u: H; r: K; (u + P - r) % S == 0; u + P - r >= 0 | (u + P - r) / S
          u: H; h: H; u - 2*h >= 0; u - 2*h <= 1 | u - 2*h
          A <= B; B <= C; C <= D                 | D - A
          N == 2*M                               | N / 2 - M
          j: 2; q: 2; r: 2; j - 2*r >= 0; j - 2*q - r + 2 < 2 | 4*q + 2*r - j - 3
          N == M; i: N                           | M - 1 - i
          i: A + B; i >= A                       | B - 1 - i + A
          x: 8; y: 8; x + y < 8                  | 7 - x - y
          N >= 4                                 | N*N - 16
          q: (H - 2) / 2 + 1                     | H - 1 - 2*q
          i: 2*N                                 | N - 1 - i / 2
          k: 10; t: 7                            | 69 - 7*k - t
          o: (W - 5) / 3 + 1; W >= 5             | W - 5 - 3*o
          """)
  void proves(String facts, String goal) {
    assertTrue(new Prover(facts(facts)).atLeastZero(poly(goal)));
  }

  @ParameterizedTest(name = "{0} |/- {1} >= 0, fails for {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                     | N - 2                  | N=1
          i: N                                   | N - 2 - i              | i=0, N=1
          i: N                                   | i - 1                  | i=0, N=1
          t: T; C <= T                           | C - 1 - t              | t=1, C=1, T=2
          i: H; j: W                             | H*W - 2 - i*W - j      | i=0, j=0, H=1, W=1
          i: H; j: W                             | H*W - 1 - i*H - j      | i=1, j=0, H=2, W=1
          h: (H - K) / 2 + 1; r: K; K <= H       | H - 2 - 2*h - r        | h=0, r=0, H=1, K=1
          h: (H + 1) / 2; r: 2                   | H - 1 - 2*h - r        | h=0, r=1, H=1
          a: A; d: D / A                         | D - 2 - a*(D / A) - d  | a=0, d=0, A=1, D=1
          i: 784                                 | 26 - i / 28            | i=781
          i: N                                   | 8 - i % 10             | i=9, N=10
          t: T; t != 1                           | t - 1                  | t=0, T=1
          t: T; s: T; s <= t                     | T - 2 - s              | s=0, t=0, T=1
          n: N - W + 1; k: W + 1                 | N - 1 - n - k          | k=1, n=0, N=1, W=1
          ''                                     | D / A - 1              | A=2, D=1
          u: H; 2*u != 5                         | H - 2 - u              | u=0, H=1
          """)
  void refutes(String facts, String goal, String witness) {
    var prover = new Prover(facts(facts));
    assertFalse(prover.atLeastZero(poly(goal)));
    if (witness.equals("i=9, N=10")) {
      // Beyond the sizes that are searched: nothing is claimed.
      assertTrue(prover.refute(poly(goal)).isEmpty());
      return;
    }
    var found = prover.refute(poly(goal)).orElseThrow();
    assertEquals(witness, text(found));
    assertTrue(prover.facts().hold(found::get));
    assertTrue(poly(goal).evaluate(found::get) < 0);
  }

  private static String text(Map<Atom, Long> witness) {
    return String.join(
        ", ",
        witness.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> e.getKey() + "=" + e.getValue())
            .toList());
  }

  @ParameterizedTest(name = "{0} |- {1} = {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          r: R; c: 8        | (8*r + c) / 8            | r
          r: R; c: 8        | (8*r + c) % 8            | c
          r: R; c: 9        | (8*r + c) / 8            | r + c / 8
          i: N              | 28*(i / 28) + i % 28     | i
          y: 28; x: 28      | (28*y + x) / 28          | y
          y: 28; x: 28      | (28*y + x) % 28          | x
          y: H; x: W        | (y*W + x) / W            | y
          y: H; x: W        | (y*W + x) % W            | x
          c: 4; h: 7; w: 7  | (49*c + 7*h + w) / 49    | c
          i: N              | (i / 4) / 7              | i / 28
          i: N              | (4*i + 2) / 8            | i / 2
          i: 5              | i / 2                    | i / 2
          i: N; j: M        | (i*M + j) % M + 3*j      | 4*j
          i: N              | (i % 8) % 2              | i % 2
          i: N              | (i % 8) / 2 + 4*(i / 8)  | i / 2
          i: N              | (i % 8) / 3 + 4*(i / 8)  | (i % 8) / 3 + 4*(i / 8)
          i: N; j: N        | (3*(i % 4) + j) % 6      | (3*i + j) % 6
          i: 4              | (i + 4) / 8              | 0
          i: 4              | (i - 4) / 4              | 0 - 1
          i: N; 0 <= k      | (i % 6) % 6              | i % 6
          D % A == 0        | A*(D / A)                | A*(D / A)
          i: 6; j: 6        | ((6*i + j) / 6 + j) % 6  | (i + j) % 6
          """)
  void simplifies(String facts, String e, String expected) {
    assertEquals(poly(expected), new Prover(facts(facts)).simplify(poly(e)));
  }

  @Test
  void boundsAreNumbersWhereRangesAre() {
    var prover = new Prover(facts("h: 14; r: 3; n: N; N <= 100"));
    assertEquals(-1, prover.min(poly("2*h + r - 1")).getAsLong());
    assertEquals(27, prover.max(poly("2*h + r - 1")).getAsLong());
    assertEquals(99, prover.max(poly("n")).getAsLong());
    assertTrue(prover.max(poly("M")).isEmpty());
    assertEquals(1, prover.min(poly("M")).getAsLong());
  }

  @Test
  void equalitiesAreUsedInsideQuotients() {
    var prover = new Prover(facts("D % A == 0; N == 3*M"));
    assertTrue(prover.equal(poly("A*(D / A)"), poly("D")));
    assertTrue(prover.divides(poly("A"), poly("5*D")));
    assertTrue(prover.equal(poly("N / 3"), poly("M")));
    assertFalse(prover.equal(poly("N / 2"), poly("M")));
    assertTrue(new Prover(facts("i: N; i >= N")).impossible());
    assertFalse(new Prover(facts("i: N; i >= N - 1")).impossible());
  }

  /** What is proved must hold for all small values that satisfy the facts. */
  @Test
  void everyProofHoldsForAllSmallValues() {
    int proved = 0;
    int refuted = 0;
    for (long seed = 0; seed < 800; seed++) {
      var random = new Random(seed);
      var facts = randomFacts(random);
      var goal = randomPoly(random, 3);
      var prover = new Prover(facts);
      boolean answer = prover.atLeastZero(goal);
      var simple = prover.simplify(goal);
      for (var values : assignments()) {
        if (!holds(facts, values)) {
          continue;
        }
        long value;
        try {
          value = goal.evaluate(values::get);
        } catch (ArithmeticException _) {
          continue;
        }
        var what = "seed " + seed + ": " + facts + " |- " + goal + " at " + values;
        assertEquals(value, simple.evaluate(values::get), what + " simplified to " + simple);
        if (answer) {
          assertTrue(value >= 0, what);
        }
        prover.min(goal).ifPresent(low -> assertTrue(value >= low, what));
        prover.max(goal).ifPresent(high -> assertTrue(value <= high, what));
      }
      proved += answer ? 1 : 0;
      boolean witness = prover.refute(goal).isPresent();
      refuted += witness ? 1 : 0;
      assertFalse(
          answer && witness && !prover.impossible(), "seed " + seed + ": " + facts + " |- " + goal);
    }
    assertTrue(proved > 80 && refuted > 80, proved + " proved, " + refuted + " refuted");
  }

  private static boolean holds(Facts facts, Map<Atom, Long> values) {
    try {
      return facts.hold(values::get);
    } catch (ArithmeticException _) {
      return false;
    }
  }

  private static final List<Atom> VARIABLES =
      List.of(new Atom.Index("i"), new Atom.Index("j"), new Atom.Dim("N"), new Atom.Dim("M"));

  private static List<Map<Atom, Long>> assignments() {
    var all = new ArrayList<Map<Atom, Long>>();
    for (long n = 1; n <= 5; n++) {
      for (long m = 1; m <= 4; m++) {
        for (long i = 0; i < 6; i++) {
          for (long j = 0; j < 6; j++) {
            var values = new HashMap<Atom, Long>();
            long[] numbers = {i, j, n, m};
            for (int k = 0; k < numbers.length; k++) {
              values.put(VARIABLES.get(k), numbers[k]);
            }
            all.add(values);
          }
        }
      }
    }
    return all;
  }

  private static Facts randomFacts(Random random) {
    var dims = List.of(poly("N"), poly("M"), poly("N*M"), poly("4"), poly("N + 1"), poly("N / 2"));
    var facts =
        facts("")
            .index(new Atom.Index("i"), dims.get(random.nextInt(dims.size())))
            .index(new Atom.Index("j"), dims.get(random.nextInt(dims.size())));
    for (int k = random.nextInt(3); k > 0; k--) {
      var e = randomPoly(random, 2);
      facts =
          switch (random.nextInt(5)) {
            case 0 -> facts.zero(e);
            case 1 -> facts.notZero(e);
            default -> facts.atLeastZero(e);
          };
    }
    return facts;
  }

  private static Poly randomPoly(Random random, int terms) {
    var sum = Poly.of(random.nextInt(5) - 1);
    for (int k = random.nextInt(terms) + 1; k > 0; k--) {
      var product = Poly.of(random.nextInt(5) - 2);
      for (int f = random.nextInt(2) + 1; f > 0; f--) {
        product = product.times(Poly.of(VARIABLES.get(random.nextInt(VARIABLES.size()))));
      }
      if (random.nextInt(4) == 0) {
        var by = random.nextBoolean() ? Poly.of(random.nextInt(3) + 2) : poly("M");
        product =
            random.nextBoolean() ? product.plus(sum).floorDiv(by) : product.plus(sum).floorMod(by);
      }
      sum = sum.plus(product);
    }
    return sum;
  }

  @Test
  void polynomialsOverEqualAtomsAreEqual() {
    assertEquals(poly("(2*N + 1) / 4"), poly("(N + 0) / 2"));
    assertEquals(1, Stream.of("(a + b) / N", "(b + a) / N").map(PolyText::poly).distinct().count());
    assertEquals(Set.of(new Atom.Dim("N")), poly("(N + 3) / 2").variables());
  }
}
