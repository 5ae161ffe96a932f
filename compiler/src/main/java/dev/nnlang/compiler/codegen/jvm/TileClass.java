package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.runtime.cpu.Tile;
import dev.nnlang.runtime.cpu.TileCode;
import dev.nnlang.runtime.cpu.TileForm;
import dev.nnlang.runtime.cpu.TileForm.Columns;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The class of the register tiles of one precision: a method for each {@link TileForm}, the same
 * for every program. Every sum is a local of its own, since a vector in an array or field is an
 * object; the loop over terms is not unrolled, since that makes HotSpot spill.
 */
final class TileClass {
  private static final String NAME =
      TileCode.class.getPackageName().replace('.', '/') + "/GeneratedTiles";

  private static final String TILE =
      Type.getMethodDescriptor(Type.VOID_TYPE, Type.getType(Tile.class));

  private static final Map<Precision, byte[]> MADE = new EnumMap<>(Precision.class);

  private TileClass() {}

  /** The class file. */
  static synchronized byte[] bytes(Precision precision) {
    return MADE.computeIfAbsent(precision, TileClass::make);
  }

  private static byte[] make(Precision precision) {
    var writer = ClassHead.writer();
    ClassHead.write(writer, NAME, TileCode.class);
    var names = new ArrayList<String>();
    for (var form : TileForm.ALL) {
      var name = name(form);
      names.add(name);
      var method = writer.visitMethod(Opcodes.ACC_STATIC, name, TILE, null, null);
      var code = new Code(method, 1);
      new Emitter(code, precision, form).emit();
      code.end();
    }
    ClassHead.dispatch(writer, NAME, "tile", names, TILE, Type.getType(Tile.class));
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static String name(TileForm form) {
    return "tile_%dx%d_%s_%s"
        .formatted(form.rows(), form.vectors(), form.reading(), form.columns())
        .toLowerCase(Locale.ROOT);
  }

  private static final class Emitter {
    private final Code code;
    private final VectorCode vectors;
    private final Precision precision;
    private final TileForm form;
    private final Local tile = new Local(0, Kind.REF);
    private final Local left;
    private final Local right;
    private final Local result;
    private final Local terms;
    private final Local term;
    private final Local rightAt;
    private final Local rightStride;
    private final Local rightTerms;
    private final Local rightTerm;

    /** In a loop over terms: the current one's part of a column's place. */
    private final Local column;

    /** In a loop over terms: the current one's part of the place. */
    private final Local place;

    private final Local[] rows;
    private final Local[][] sums;

    Emitter(Code code, Precision precision, TileForm form) {
      this.code = code;
      this.precision = precision;
      this.form = form;
      vectors = VectorCode.of(code, precision);
      left = array("left");
      right = array("right");
      result = array("result");
      code.load(tile).field(Tile.class, "terms", int[].class);
      terms = code.keep(Kind.REF);
      term = number("term");
      rightAt = number("rightAt");
      rightStride = number("rightStride");
      code.load(tile).field(Tile.class, "rightTerms", int[].class);
      rightTerms = code.keep(Kind.REF);
      rightTerm = number("rightTerm");
      column = code.local(Kind.INT);
      place = code.local(Kind.INT);
      rows = new Local[Math.ceilDiv(form.rows(), form.rowsOfPlace())];
      sums = new Local[form.rows()][form.vectors()];
    }

    private Local array(String name) {
      boolean single = precision == Precision.F32;
      code.load(tile)
          .field(
              Tile.class,
              name + (single ? "Floats" : "Doubles"),
              single ? float[].class : double[].class);
      return code.keep(Kind.REF);
    }

    private Local number(String name) {
      code.load(tile).field(Tile.class, name, int.class);
      return code.keep(Kind.INT);
    }

    void emit() {
      code.load(tile).field(Tile.class, "rowPlaces", int[].class);
      var places = code.keep(Kind.REF);
      var row = number("row");
      for (int r = 0; r < rows.length; r++) {
        code.load(places).load(row).constant(r * form.rowsOfPlace());
        code.op(Opcodes.IADD).op(Opcodes.IALOAD);
        code.load(tile).field(Tile.class, "leftAt", int.class).op(Opcodes.IADD);
        rows[r] = code.keep(Kind.INT);
      }
      for (var line : sums) {
        for (int v = 0; v < line.length; v++) {
          line[v] = vectors.constant(0);
        }
      }
      switch (form.reading()) {
        case PLACES, ADJACENT -> eachTerm(r -> at(r, () -> code.load(place)));
        case RUNS -> eachRun();
        case WINDOWS_OF_3, WINDOWS_OF_5 -> eachWindow();
        case PACKED -> eachPacked();
      }
      store();
    }

    /** The place of a row, which it may share with those before it, and what a term adds to it. */
    private void at(int row, Runnable term) {
      code.load(rows[row / form.rowsOfPlace()]);
      term.run();
      code.op(Opcodes.IADD);
      if (row % form.rowsOfPlace() != 0) {
        code.constant(row % form.rowsOfPlace()).op(Opcodes.IADD);
      }
    }

    /** Leaves a row's place on the stack. */
    private interface Place {
      void of(int row);
    }

    private void eachTerm(Place places) {
      var depth = number("depth");
      code.constant(0);
      var k = code.keep(Kind.INT);
      code.upTo(
          k,
          depth,
          () -> {
            code.load(terms).load(term).load(k).op(Opcodes.IADD).op(Opcodes.IALOAD).store(place);
            oneTerm(k, places);
          });
    }

    /** Places follow from the index alone: no table is read, and nothing is checked in the loop. */
    private void eachPacked() {
      var depth = number("depth");
      code.constant(0);
      var k = code.keep(Kind.INT);
      code.upTo(
          k,
          depth,
          () -> oneTerm(k, r -> at(r, () -> code.load(k).constant(form.rows()).op(Opcodes.IMUL))));
    }

    /** Terms that are neighbours: the places of rows move on together with the index. */
    private void eachRun() {
      var run = number("run");
      var rest = number("depth");
      code.load(run).load(term).load(run).op(Opcodes.IREM).op(Opcodes.ISUB);
      var length = code.keep(Kind.INT);
      var starts = new Local[rows.length];
      for (int r = 0; r < rows.length; r++) {
        starts[r] = code.local(Kind.INT);
      }
      var k = code.local(Kind.INT);
      code.whilePositive(
          rest,
          () -> {
            code.load(length).load(rest).call(Abi.MIN_INT).store(length);
            for (int r = 0; r < rows.length; r++) {
              code.load(rows[r]).load(terms).load(term).op(Opcodes.IALOAD).op(Opcodes.IADD);
              code.store(starts[r]);
            }
            code.constant(0).store(k);
            code.upTo(
                k, length, () -> oneTerm(k, r -> code.load(starts[r]).load(k).op(Opcodes.IADD)));
            switch (form.columns()) {
              case PANEL -> {
                code.load(rightAt).load(length).constant(panel()).op(Opcodes.IMUL);
                code.op(Opcodes.IADD).store(rightAt);
              }
              case EVEN -> {}
              case PLACES -> code.load(rightTerm).load(length).op(Opcodes.IADD).store(rightTerm);
            }
            code.load(rest).load(length).op(Opcodes.ISUB).store(rest);
            code.load(term).load(length).op(Opcodes.IADD).store(term);
            code.load(run).store(length);
          });
    }

    /**
     * A few terms together: what a row reads for one of them, the row before it reads for the next.
     * So the factors of all rows are one line of elements, each read once and multiplied by as many
     * columns as the window has terms.
     */
    private void eachWindow() {
      int window = form.reading().window();
      var depth = number("depth");
      var distance = number("distance");
      code.constant(0);
      var k = code.keep(Kind.INT);
      code.whileBelow(
          k,
          depth,
          () -> {
            code.load(terms).load(term).load(k).op(Opcodes.IADD).op(Opcodes.IALOAD);
            code.load(rows[0]).op(Opcodes.IADD).store(place);
            var columns = new Local[window];
            for (int w = 0; w < window; w++) {
              code.load(right).load(rightAt).load(k).constant(panel()).op(Opcodes.IMUL);
              code.op(Opcodes.IADD).constant(w * panel()).op(Opcodes.IADD);
              columns[w] = vectors.read();
            }
            for (int at = 0; at < form.rows() + window - 1; at++) {
              if (at > 0) {
                code.load(place).load(distance).op(Opcodes.IADD).store(place);
              }
              code.load(left).load(place).op(precision.kind().arrayLoad);
              var factor = vectors.broadcast();
              for (int w = 0; w < window; w++) {
                int row = at - w;
                if (row >= 0 && row < form.rows()) {
                  vectors.addProduct(factor, columns[w], sums[row][0]);
                }
              }
            }
            code.load(k).constant(window).op(Opcodes.IADD).store(k);
          });
    }

    /**
     * Adds up the products of one term.
     *
     * @param k counts terms up, from where the right factor's place is
     */
    private void oneTerm(Local k, Place places) {
      var columns = new Local[form.vectors()];
      if (form.columns() == Columns.PLACES) {
        code.load(rightTerms).load(rightTerm).load(k).op(Opcodes.IADD).op(Opcodes.IALOAD);
        code.store(column);
      }
      for (int v = 0; v < columns.length; v++) {
        code.load(right).load(rightAt);
        switch (form.columns()) {
          // A place that follows from the index is checked before the loop.
          case PANEL -> code.load(k).constant(panel()).op(Opcodes.IMUL).op(Opcodes.IADD);
          case EVEN -> {}
          case PLACES -> code.load(column).op(Opcodes.IADD);
        }
        code.constant(v * vectors.lanes()).op(Opcodes.IADD);
        columns[v] = vectors.read();
      }
      for (int r = 0; r < form.rows(); r++) {
        code.load(left);
        places.of(r);
        code.op(precision.kind().arrayLoad);
        var factor = vectors.broadcast();
        for (int v = 0; v < columns.length; v++) {
          vectors.addProduct(factor, columns[v], sums[r][v]);
        }
      }
      if (form.columns() == Columns.EVEN) {
        code.load(rightAt).load(rightStride).op(Opcodes.IADD).store(rightAt);
      }
    }

    /** Columns of a panel of a packed right factor. */
    private int panel() {
      return form.vectors() * vectors.lanes();
    }

    private void store() {
      var at = number("resultAt");
      var stride = number("resultStride");
      code.load(tile).field(Tile.class, "first", boolean.class);
      code.truth(Opcodes.IFEQ);
      code.ifThen(() -> eachSum(at, stride, this::addStored));
      eachSum(
          at,
          stride,
          (place, sum) -> {
            code.load(result).load(place);
            vectors.write(sum);
          });
    }

    private void addStored(Local place, Local sum) {
      code.load(result).load(place);
      vectors.set(sum, vectors.apply("add", sum, vectors.read()));
    }

    private interface OnSum {
      void accept(Local place, Local sum);
    }

    private void eachSum(Local at, Local stride, OnSum action) {
      code.load(at);
      var line = code.keep(Kind.INT);
      for (var sum : sums) {
        for (int v = 0; v < sum.length; v++) {
          code.load(line).constant(v * vectors.lanes()).op(Opcodes.IADD);
          action.accept(code.keep(Kind.INT), sum[v]);
        }
        code.load(line).load(stride).op(Opcodes.IADD).store(line);
      }
    }
  }
}
