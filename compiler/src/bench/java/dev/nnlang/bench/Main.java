package dev.nnlang.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The benchmarks, as {@code BENCHMARKS.md} starts them. */
public final class Main {
  private Main() {}

  /** Reads the properties; what they may say, {@code BENCHMARKS.md} lists. */
  public static void main(String[] arguments) {
    try {
      if (!run()) {
        System.exit(1);
      }
    } catch (Misuse misuse) {
      System.err.println(misuse.getMessage());
      System.exit(1);
    }
  }

  private static boolean run() throws Misuse {
    var selection = System.getProperty("bench");
    var effort = word(Effort.class, "bench.mode", System.getProperty("bench.mode"));
    System.out.println(Machine.describe());
    return switch (selection) {
      case "cold-start" -> {
        ColdStart.run(effort.rounds());
        yield true;
      }
      case "short-training" -> {
        var rows = Row.selected(System.getProperty("bench.rows"));
        var networks = new TreeSet<Network>();
        rows.forEach(
            row -> {
              if (row instanceof Row.Net net) {
                networks.add(net.network());
              }
            });
        ShortTraining.run(List.copyOf(networks), effort.rounds());
        yield true;
      }
      case "scaling" -> {
        Scaling.run(effort.seconds(), Runtime.getRuntime().availableProcessors());
        Scaling.compiling();
        yield true;
      }
      case "compiling" -> {
        Scaling.compiling();
        yield true;
      }
      case "profile" -> {
        for (var row : Row.selected(System.getProperty("bench.rows"))) {
          if (row instanceof Row.Net network) {
            Profile.run(network, 5 * effort.seconds());
          }
        }
        yield true;
      }
      default -> Plan.of(selection, effort).run();
    };
  }

  /** A property that cannot be understood. */
  static final class Misuse extends Exception {
    private static final long serialVersionUID = 1L;

    Misuse(String property, String found, Object expected) {
      super("%s is \"%s\", expected %s; see BENCHMARKS.md".formatted(property, found, expected));
    }
  }

  /** A value of an enumeration, in lower case on the command line. */
  static <E extends Enum<E>> E word(Class<E> type, String property, String found) throws Misuse {
    var constants = type.getEnumConstants();
    for (var constant : constants) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(found)) {
        return constant;
      }
    }
    var words = Arrays.stream(constants).map(c -> c.name().toLowerCase(Locale.ROOT)).toList();
    throw new Misuse(property, found, "one of " + String.join(", ", words));
  }
}
