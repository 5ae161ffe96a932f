package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.bodies.Findings;
import dev.nnlang.compiler.semantics.check.Known;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.AstWalk;
import dev.nnlang.compiler.syntax.Parser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A program that is edited at random, and checked after each edit twice: with what was known before
 * and from scratch. Both say the same, of problems and of every place. {@code -Drecheck=20000} for
 * many edits.
 */
class RecheckTest {
  private static final int EDITS = Integer.getInteger("recheck", 250);

  /** Something of everything by which one declaration may depend on another. */
  private static final String MAIN =
      """
      use "parts.nn" (Block, scale)
      use "parts.nn" as parts

      dim Class = 3
      dim Gate { open, shut }
      const rate = 0.5
      const twice = 2 * rate
      dim Pair = 2

      fn half : x[N] -> y[N] {
          y = rate * x
      }

      fn shrunk : x -> y = twice * x

      fn near(reach = 1) : x[N] -> y[N] {
          y[i] = x[i] + (x[i - reach] ?? 0)
      }

      fn pairs : x[N] -> y[M] where N == 2 * M : "an even length" {
          dim M = N / 2
          y[i] = x[2 * i] + x[2 * i + 1]
      }

      fn chosen(f: fn) : x[N] = f(x)

      layer Linear(Units: dim, bias = true) : x[In] -> y[Units] {
          param w[In, Units] ~ glorot_uniform
          if bias {
              param b[Units] = 0
              y[o] = sum[i](x[i] * w[i, o]) + b[o]
          } else {
              y[o] = sum[i](x[i] * w[i, o])
          }
      }

      layer Deep(Units: dim, Times: dim = 2) : x[In] -> y[Units] {
          y = x |> Linear(Units) |> repeat(Times, Linear(Units, bias = false)) |> relu
      }

      layer Gated(Units: dim) : x[T, In] -> h[T, Units] {
          param w[Gate, In, Units] ~ normal(0, 0.1)
          z[t, g, o] = sum[i](x[t, i] * w[g, i, o])
          h[t, o] = sigmoid(z[t, Gate.open, o]) * (h[t - 1, o] ?? 0) + tanh(z[t, Gate.shut, o])
      }

      model Net : x[8] -> p[Class] {
          h = x |> half |> near |> Deep(4) |> Block(6)
          p = h |> parts.Wide |> Linear(Class) |> softmax
      }

      model Sequence : x[T, 8] -> p[T, Class] {
          p = x |> Gated(4) |> Linear(Class) |> chosen(f = softmax)
      }

      data Points(shift = 0.0) {
          source table[N, 9] = csv("points.csv")
          sample n -> x[8], label: index Class {
              x[f]  = table[n, f] + shift
              label = table[n, 8]
          }
          split = shuffled(train = 0.8, valid = 0.2)
      }

      train Fit : Net on Points {
          loss      = sparse_categorical_cross_entropy(p, label)
          metrics   = [accuracy(p, label)]
          optimizer = Adam(lr = 1e-3)
          batch     = 16
          epochs    = 2
      }

      train Shifted : Net on Points(shift = 1.0) {
          loss      = sparse_categorical_cross_entropy(p, label)
          optimizer = Adam()
          epochs    = 2
      }

      fn lonely(reach = 2) : x[N] -> y[N] {
          y[i] = x[i] * (x[i + reach] ?? 1)
      }

      model Other : x[8] -> q[2] {
          q = x |> Dense(2) |> lonely |> lonely(reach = 1)
      }

      train Early : Other on Rows {
          loss      = mse(q, target)
          optimizer = SGD(lr = twice)
          epochs    = 2
      }

      data Rows {
          source table[N, 10] = csv("points.csv")
          sample n -> x[8], target[Pair] {
              x[f]      = shrunk(table[n, f])
              target[k] = table[n, 8 + k]
          }
      }

      train Second : Other on Rows {
          loss      = mse(q, target)
          optimizer = SGD()
          epochs    = 2
      }

      train Third : Other on Rows {
          loss      = mae(q, target)
          optimizer = SGD(lr = 0.1)
          epochs    = 2
      }
      """;

  private static final String PARTS =
      """
      const scale = 2.0

      fn tail : x[N] -> y[N] {
          y[i] = x[i] + (x[i + 1] ?? 0)
      }

      layer Block(Units: dim) : x[In] -> y[Units] {
          y = x |> Dense(Units) |> tail
      }

      layer Wide : x[N] -> y[N] {
          y = scale * x
      }
      """;

  private static final List<String> PIECES =
      List.of(
          "x",
          "y",
          "1",
          "2",
          "0",
          "i",
          "N",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "\n",
          ",",
          "=",
          "+",
          " ?? 0",
          "half",
          "near",
          "Deep",
          "Linear(3)",
          "Block",
          "scale",
          "rate",
          "relu",
          "parts.",
          "Class",
          "Gate.open",
          "sum[i](",
          "dim Class = 4\n",
          "fn relu : x = x\n",
          "|>",
          "/*",
          "//",
          "where ",
          "param ",
          "true",
          "shift",
          "use \"gone.nn\"\n",
          "_",
          "\"");

  private final Random random = new Random(Long.getLong("recheckSeed", 7));

  @Test
  void knownAndFromScratchSayTheSame() {
    String main = MAIN;
    String parts = PARTS;
    var known = Known.NOTHING;
    int problems = 0;
    for (int i = 0; i < EDITS; i++) {
      if (random.nextInt(3) == 0) {
        main = MAIN;
        parts = random.nextInt(4) == 0 ? edited(PARTS) : PARTS;
      }
      if (random.nextInt(6) == 0) {
        parts = edited(parts);
      } else {
        main = edited(main);
      }
      var file = new SourceFile("main.nn", main);
      var used = Parser.parse(new SourceFile("parts.nn", parts));
      var compilation =
          Compiler.open(
              file, path -> path.equals("parts.nn") ? Optional.of(used) : Optional.empty());
      var from = known;
      var again = compilation.inspect(from);
      var scratch = compilation.inspect();
      var text = main + "\n## parts.nn\n" + parts;
      assertEquals(words(scratch.problems()), words(again.problems()), text);
      if (i % 4 == 0) {
        assertEquals(places(scratch), places(again), text);
      }
      known = again.known();
      problems += scratch.problems().size();
    }
    System.out.println(EDITS + " edits checked twice, " + problems + " problems");
    assertTrue(problems > EDITS / 2, "most edits are mistakes");
  }

  /** What cannot have changed is not looked at: else nothing would be won. */
  @Test
  void onlyWhatMayHaveChangedIsLookedAt() {
    var before = inspect(MAIN, Known.NOTHING);
    assertEquals(List.of(), words(before.problems()));
    // A plan: nobody uses it, and it says of what it uses what it has said.
    assertEquals(
        Set.of("Fit"), looked(MAIN.replace("metrics   = [accuracy(p, label)]\n", ""), before));
    // Data, and a size, whose users see no difference.
    assertEquals(
        Set.of("Rows"), looked(MAIN.replace("table[n, 8 + k]", "table[n, 9 - k]"), before));
    assertEquals(Set.of("Class"), looked(MAIN.replace("Class = 3", "Class = 2 + 1"), before));
    // A body is looked into by all that use it.
    assertEquals(
        Set.of("Gated", "Sequence"), looked(MAIN.replace("x[t, i] * w", "x[t, i] + w"), before));
    // A use that gives other settings: what is used is looked at with them.
    assertEquals(
        Set.of("lonely", "Other", "Early", "Second", "Third"),
        looked(MAIN.replace("lonely(reach = 1)", "lonely(reach = 3)"), before));
  }

  /** Data that are broken and mended: the plans on them are looked at once. */
  @Test
  void whatWasThereBeforeIsKnown() {
    var before = inspect(MAIN, Known.NOTHING);
    var broken = MAIN.replace("table[n, 8 + k]", "table[n, (x + 8 + k]");
    var then = inspect(broken, before.known());
    assertEquals(Set.of("Rows", "Early", "Second", "Third"), looked(then));
    var mended = inspect(MAIN.replace("table[n, 8 + k]", "table[n, 9 - k]"), then.known());
    assertEquals(List.of(), words(mended.problems()));
    assertEquals(Set.of("Rows"), looked(mended));
    assertEquals(Set.of("Rows"), looked(inspect(broken, mended.known())));
    assertEquals(Set.of(), looked(inspect(MAIN, mended.known())));
  }

  private static Set<String> looked(String main, Inspection before) {
    assertFalse(main.equals(MAIN), "nothing is replaced");
    return looked(inspect(main, before.known()));
  }

  private static Inspection inspect(String main, Known known) {
    var used = Parser.parse(new SourceFile("parts.nn", PARTS));
    return Compiler.open(new SourceFile("main.nn", main), _ -> Optional.of(used)).inspect(known);
  }

  /** The names of the started file's declarations that were checked. */
  private static Set<String> looked(Inspection inspection) {
    var names = new TreeSet<String>();
    for (var declaration : inspection.workspace().files().getFirst().declarations()) {
      var name =
          switch (declaration) {
            case Ast.Function f -> f.name();
            case Ast.Data d -> d.name();
            case Ast.Train t -> t.name();
            case Ast.DimDef d -> d.name();
            case Ast.EnumDim d -> d.name();
            case Ast.ConstDef k -> k.name();
            case Ast.Use _, Ast.Missing _ -> null;
          };
      if (name != null && inspection.findings().isThere(declaration.span())) {
        names.add(name.text());
      }
    }
    return names;
  }

  /** A piece put in or taken out, a word or a line moved, a declaration removed. */
  private String edited(String text) {
    if (text.isEmpty()) {
      return PARTS;
    }
    int at = random.nextInt(text.length());
    return switch (random.nextInt(8)) {
      case 0, 1 -> {
        int end = Math.min(text.length(), at + 1 + random.nextInt(4));
        yield text.substring(0, at) + text.substring(end);
      }
      case 2 -> {
        // One word for another.
        var words = List.of(MAIN.split("\\W+"));
        var one = words.get(random.nextInt(words.size()));
        var other = words.get(random.nextInt(words.size()));
        int place = one.isEmpty() ? -1 : text.indexOf(one, at);
        yield place < 0
            ? text
            : text.substring(0, place) + other + text.substring(place + one.length());
      }
      case 3 -> {
        var blocks = new ArrayList<>(List.of(text.split("\n\n", -1)));
        int k = random.nextInt(blocks.size());
        if (random.nextBoolean()) {
          blocks.remove(k);
        } else {
          blocks.add(random.nextInt(blocks.size()), blocks.remove(k));
        }
        yield String.join("\n\n", blocks);
      }
      case 4 -> {
        var lines = new ArrayList<>(List.of(text.split("\n", -1)));
        var line = lines.remove(random.nextInt(lines.size()));
        if (random.nextBoolean()) {
          lines.add(random.nextInt(lines.size() + 1), line);
        }
        yield String.join("\n", lines);
      }
      default -> {
        var piece = PIECES.get(random.nextInt(PIECES.size()));
        yield text.substring(0, at) + piece + text.substring(at);
      }
    };
  }

  private static List<String> words(List<Problem> problems) {
    return problems.stream()
        .map(
            p ->
                p.code()
                    + " "
                    + p.at().file().name()
                    + " "
                    + p.at().start()
                    + "-"
                    + p.at().end()
                    + " "
                    + p.report().title()
                    + p.report().others().stream()
                        .map(l -> " " + l.span() + " " + l.text())
                        .toList()
                    + p.report().notes()
                    + p.report().fix())
        .toList();
  }

  /** All that is found out, place by place. */
  private static Map<String, String> places(Inspection inspection) {
    var found = new LinkedHashMap<String, String>();
    var findings = inspection.findings();
    for (var file : inspection.workspace().files()) {
      new AstWalk(e -> place(e, findings, found)).file(file);
      for (var declaration : file.declarations()) {
        findings
            .body(declaration)
            .ifPresent(b -> found.put("body " + b.name(), b.statements().size() + " " + types(b)));
        findings
            .training(declaration)
            .ifPresent(t -> found.put("training " + t.name(), t.optimizer().size() + ""));
      }
    }
    return found;
  }

  private static Set<String> types(Typed.Body body) {
    var types = new TreeSet<String>();
    body.outputs().forEach(o -> types.add(o.name() + text(o.type())));
    return types;
  }

  private static void place(Ast.Expr e, Findings findings, Map<String, String> found) {
    var at = e.span().file().name() + " " + e.span().start() + "-" + e.span().end();
    findings.type(e.span()).ifPresent(t -> found.put("type " + at, text(t)));
    findings.call(e.span()).ifPresent(c -> found.put("call " + at, c.instance().body().name()));
    findings
        .statementsAround(e.span())
        .forEach(s -> found.put("statement " + s.span().start() + " around " + at, ""));
  }

  private static String text(Typed.Type type) {
    return type.element().getClass().getSimpleName()
        + type.shape().stream().map(d -> d.size().toString()).toList();
  }
}
