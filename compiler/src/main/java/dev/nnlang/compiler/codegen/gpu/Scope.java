package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.codegen.Extents;
import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.gpu.Launch.Given;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is in reach while one kernel is written: its parameters as they come to be used, what its
 * indices are called, and values that were computed already.
 */
final class Scope {
  private static final String REPORT = "report";
  private static final String SCRATCH = "scratch";

  /** A number below is no matter for 32 bits. */
  private static final long LARGE = 1L << 30;

  final Text text;
  final ElementType real;
  private final Slots slots;
  private final List<String> gathered;

  /** By declaration without {@code const}. */
  private final Map<String, Given> parameters = new LinkedHashMap<>();

  private final Map<String, Map<Integer, Integer>> numbers = new HashMap<>();
  private final Map<Integer, Boolean> written = new HashMap<>();
  private final Set<Poly> counted = new LinkedHashSet<>();
  private final Map<Atom.Index, String> indices = new HashMap<>();
  private final Deque<Map<Node, String>> known = new ArrayDeque<>();

  /** Where the values of equations go that are not stored one by one. */
  private final Map<Equation, String> gathering = new HashMap<>();

  /**
   * @param gathered names of the program's tensors that are read at computed places; may grow
   */
  Scope(Text text, Slots slots, ElementType real, List<String> gathered) {
    this.text = text;
    this.slots = slots;
    this.real = real;
    this.gathered = gathered;
    known.push(new HashMap<>());
  }

  Nodes nodes() {
    return slots.nodes();
  }

  /** How a value is held. */
  static String type(Type type) {
    return switch (type) {
      case REAL -> "REAL";
      case INT -> "i64";
      case BOOL -> "int";
    };
  }

  // Parameters.

  /** The array of a tensor that is read. */
  String reads(Tensor tensor) {
    int slot = slots.of(tensor);
    written.putIfAbsent(slot, false);
    return array(tensor, slot);
  }

  /** The array of a tensor that is written. */
  String writes(Tensor tensor) {
    int slot = slots.of(tensor);
    written.put(slot, true);
    return array(tensor, slot);
  }

  private String array(Tensor tensor, int slot) {
    var name = numbered("t", slot);
    // Truth values lie in memory as whole numbers.
    var element = tensor.type() == Type.REAL ? "REAL" : "i64";
    parameters.putIfAbsent("GLOBAL " + element + "* RESTRICT " + name, new Given.Tensor(slot));
    return name;
  }

  String dim(Atom.Dim dim) {
    var name = numbered("d", slots.dim(dim.name()));
    parameters.putIfAbsent("int " + name, new Given.Size(Extents.of(Poly.of(dim))));
    return name;
  }

  /** Makes the round of a loop around the kernel known as the value of its index. */
  void round(Atom.Index time) {
    int number = slots.time(time);
    var name = numbered("round", number);
    index(time, name);
    parameters.put("int " + name, new Given.Round(number));
  }

  /** A size that the kernel is given, and does not know. */
  String size(Poly size) {
    parameters.putIfAbsent("int count", new Given.Size(Extents.of(size)));
    return "count";
  }

  String report() {
    parameters.putIfAbsent("GLOBAL i64* RESTRICT " + REPORT, new Given.Report());
    return REPORT;
  }

  /** Memory that only the kernels of one step of the plan use, as numbers of this type. */
  String scratch(String type) {
    parameters.putIfAbsent("GLOBAL " + type + "* RESTRICT " + SCRATCH, new Given.Scratch());
    return SCRATCH;
  }

  /** The number by which a kernel reports an index of this tensor, which it is given. */
  String gathers(Tensor tensor) {
    if (!gathered.contains(tensor.name())) {
      gathered.add(tensor.name());
    }
    int number = gathered.indexOf(tensor.name()) + 1;
    var name = numbered("which", number);
    parameters.putIfAbsent("int " + name, new Given.Size(Extents.of(Poly.of(number))));
    return name;
  }

  /**
   * A parameter's name: those of one kind are numbered as they come, so that kernels that do the
   * same with other tensors have the same text.
   */
  private String numbered(String kind, int which) {
    var own = numbers.computeIfAbsent(kind, _ -> new HashMap<>());
    var number = own.get(which);
    if (number == null) {
      number = own.size();
      own.put(which, number);
    }
    return kind + number;
  }

  /** The kernel's parameters, as declared. */
  List<String> declarations() {
    var all = new ArrayList<String>();
    parameters.forEach(
        (declaration, given) ->
            all.add(
                given instanceof Given.Tensor(var slot) && !written.get(slot)
                    ? declaration.replace("GLOBAL ", "GLOBAL const ")
                    : declaration));
    return all;
  }

  List<Given> given() {
    return List.copyOf(parameters.values());
  }

  // Indices and values.

  String index(Atom.Index index) {
    var name = indices.get(index);
    if (name == null) {
      throw new CompilerBug("index " + index + " has no loop");
    }
    return name;
  }

  void index(Atom.Index index, String name) {
    indices.put(index, name);
  }

  /** What becomes known in {@code body} is forgotten behind it. */
  void inside(Runnable body) {
    known.push(new HashMap<>());
    body.run();
    known.pop();
  }

  String known(Node node) {
    for (var values : known) {
      var value = values.get(node);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  void know(Node node, String value) {
    known.peek().put(node, value);
  }

  /** From now on, values of this equation are not stored in its tensor, but here. */
  void gather(Equation equation, String place) {
    gathering.put(equation, place);
  }

  void noLongerGather(Equation equation) {
    gathering.remove(equation);
  }

  /** Where a value is stored: a place in memory, unless values are gathered. */
  String target(Equation equation) {
    var place = gathering.get(equation);
    return place != null
        ? place
        : "%s[%s]"
            .formatted(
                writes(equation.tensor()),
                Formulas.ints(this, Access.placeAt(equation.tensor(), equation.axes())));
  }

  /** The node by which others read an equation's value at its own place. */
  Node ownRead(Equation equation) {
    return nodes().readAt(equation.tensor(), equation.axes());
  }

  // Loops.

  private static Poly product(List<Axis> axes) {
    return Poly.product(axes.stream().map(Axis::extent).toList());
  }

  /** How many places several axes have together. */
  String count(List<Axis> axes) {
    return count(product(axes));
  }

  /** A number of places that the kernel counts through. */
  String count(Poly places) {
    if (!places.isConstant() || places.constantTerm() > LARGE) {
      counted.add(places);
    }
    return Formulas.ints(this, places);
  }

  /** What the kernel counts through, but for what is surely small. */
  List<Extent> counts() {
    return counted.stream().map(Extents::of).toList();
  }

  /** Names the indices of axes at a place that counts through all of them, the last one fastest. */
  void split(List<Axis> axes, String place) {
    axes.stream().filter(a -> a.extent().is(1)).forEach(a -> index(a.index(), "0"));
    var wide = axes.stream().filter(a -> !a.extent().is(1)).toList();
    var rest = place;
    for (int a = wide.size() - 1; a >= 0; a--) {
      var axis = wide.get(a);
      if (a == 0) {
        index(axis.index(), rest);
        return;
      }
      var extent = count(axis.extent());
      index(axis.index(), text.declare("int", "i", rest + " % " + extent));
      rest = text.declare("int", "p", rest + " / " + extent);
    }
  }

  /** A loop inside of a loop for all values of the axes. */
  void loops(List<Axis> axes, Runnable body) {
    if (axes.isEmpty()) {
      body.run();
      return;
    }
    var axis = axes.getFirst();
    if (axis.extent().is(1)) {
      index(axis.index(), "0");
      loops(axes.subList(1, axes.size()), body);
      return;
    }
    var name = text.name("i");
    index(axis.index(), name);
    var extent = count(axis.extent());
    text.block(
        "for (int %s = 0; %s < %s; %s++)".formatted(name, name, extent, name),
        () -> inside(() -> loops(axes.subList(1, axes.size()), body)));
  }
}
