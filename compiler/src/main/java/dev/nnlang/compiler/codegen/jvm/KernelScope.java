package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.runtime.cpu.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;

/**
 * What is in reach while one kernel's method is written: where tensors lie, what dimensions and
 * indices are, and values that were computed already.
 */
final class KernelScope {
  final Code code;
  final Precision precision;
  private final Slots slots;
  private final Local frame;
  private final Local slotTable;

  /** What the code takes from its table behind the loops' indices and the sites, in order. */
  private final List<Tensor> taken = new ArrayList<>();

  private final Map<Object, Local> arrays = new HashMap<>();
  private final Map<Tensor, Local> offsets = new HashMap<>();
  private final Map<String, Local> dims = new HashMap<>();
  private final Map<Atom.Index, Local> indices = new HashMap<>();
  private final Map<Long, Local> sites = new HashMap<>();
  private final Deque<Map<Object, Local>> known = new ArrayDeque<>();

  /**
   * The beginning of a method.
   *
   * @param frame where the method has the {@link Frame}
   * @param slotTable where it has the slots of its tensors
   */
  KernelScope(Code code, Precision precision, Slots slots, Local frame, Local slotTable) {
    this.code = code;
    this.precision = precision;
    this.slots = slots;
    this.frame = frame;
    this.slotTable = slotTable;
    known.push(new HashMap<>());
  }

  Kind kind(Type type) {
    return switch (type) {
      case REAL -> precision.kind();
      case INT -> Kind.LONG;
      case BOOL -> Kind.INT;
    };
  }

  /** How an element lies in memory: booleans as 0 and 1 in longs. */
  Kind stored(Type type) {
    return type == Type.REAL ? precision.kind() : Kind.LONG;
  }

  // The method's head: everything that the kernel touches goes into locals.

  /**
   * Loads what the kernel touches.
   *
   * @param times the indices of the loops around it, which are taken from the table, too
   * @param draws the sites of its draws, which come next there
   */
  void declare(
      Collection<Tensor> tensors,
      Collection<String> open,
      Collection<Atom.Index> times,
      Collection<Long> draws) {
    int number = 0;
    for (var time : times) {
      code.load(frame).field(Frame.class, "dims", int[].class);
      slot(number++).op(Opcodes.IALOAD);
      indices.put(time, code.keep(Kind.INT));
    }
    for (var site : draws) {
      code.load(frame).field(Frame.class, "longs", long[][].class);
      slot(number++).op(Opcodes.AALOAD).constant(0).op(Opcodes.LALOAD);
      sites.put(site, code.keep(Kind.LONG));
    }
    for (var name : open) {
      code.load(frame).field(Frame.class, "dims", int[].class);
      code.constant(slots.dim(name)).op(Opcodes.IALOAD);
      dims.put(name, code.keep(Kind.INT));
    }
    for (var tensor : tensors) {
      if (!slots.has(tensor)) {
        // It is never in memory.
        continue;
      }
      taken.add(tensor);
      var home = slots.home(tensor);
      if (!arrays.containsKey(home)) {
        code.load(frame);
        switch (stored(tensor.type())) {
          case FLOAT -> code.field(Frame.class, "floats", float[][].class);
          case DOUBLE -> code.field(Frame.class, "doubles", double[][].class);
          case LONG -> code.field(Frame.class, "longs", long[][].class);
          case INT, REF -> throw new CompilerBug("no such storage");
        }
        slot(number).op(Opcodes.AALOAD);
        arrays.put(home, code.keep(Kind.REF));
      }
      if (slots.inArena(tensor)) {
        code.load(frame).field(Frame.class, "offsets", int[].class);
        slot(number).op(Opcodes.IALOAD);
        offsets.put(tensor, code.keep(Kind.INT));
      }
      number++;
    }
  }

  private Code slot(int number) {
    return code.load(slotTable).constant(number).op(Opcodes.IALOAD);
  }

  /** The tensors whose slots the method is to be given in its table, behind all else. */
  List<Tensor> taken() {
    return taken;
  }

  Local array(Tensor tensor) {
    return arrays.get(slots.home(tensor));
  }

  /** Where the tensor starts in its array, if that is not 0. */
  boolean hasOffset(Tensor tensor) {
    return offsets.containsKey(tensor);
  }

  Local offset(Tensor tensor) {
    return offsets.get(tensor);
  }

  // Indices and known values.

  void index(Atom.Index index, Local local) {
    indices.put(index, local);
  }

  Local index(Atom.Index index) {
    var local = indices.get(index);
    if (local == null) {
      throw new CompilerBug("no loop runs over " + index);
    }
    return local;
  }

  Local site(long draw) {
    return sites.get(draw);
  }

  boolean hasIndex(Atom.Index index) {
    return indices.containsKey(index);
  }

  Local dim(String name) {
    var local = dims.get(name);
    if (local == null) {
      throw new CompilerBug("dimension " + name + " was not declared");
    }
    return local;
  }

  /** What becomes known from here on is forgotten at {@link #leave}. */
  void enter() {
    known.push(new HashMap<>());
  }

  void leave() {
    known.pop();
  }

  Local known(Object value) {
    for (var scope : known) {
      var local = scope.get(value);
      if (local != null) {
        return local;
      }
    }
    return null;
  }

  void know(Object value, Local local) {
    known.peek().put(value, local);
  }

  Slots slots() {
    return slots;
  }

  /** Where the nodes of the plan were made. */
  Nodes nodes() {
    return slots.nodes();
  }
}
