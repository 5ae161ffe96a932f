package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Poly;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Random numbers and their keys (LR-29). */
final class Draws {
  private final Scope scope;
  private final Frame frame;
  private final Nodes nodes;

  Draws(Scope scope) {
    this.scope = scope;
    this.frame = scope.frame();
    this.nodes = frame.assembly().nodes;
  }

  /** One number for each element of the left side, and for each lead. */
  Value value(Typed.Draw draw) {
    var arguments = draw.arguments().stream().map(a -> new Lowering(scope).value(a)).toList();
    var path = frame.path(frame.places().place(draw));
    long site = site(path);
    frame.context().low().ifPresent(low -> low.draw(site, path));
    var shape = frame.extents(draw.type().shape());
    var target = scope.target();
    return new Value(
        Type.REAL,
        shape,
        at -> {
          // A scalar draw under a bare left side is still one number an element.
          var open = target.left().stream().filter(Optional::isEmpty).count();
          var left = open == at.size() ? Accesses.filled(target.left(), at) : at;
          var extents = open == at.size() ? target.shape() : shape;
          return nodes.of(
              new Expr.Draw(
                  site,
                  draw.distribution(),
                  arguments.stream().map(a -> a.spread(at)).toList(),
                  new Expr.Key(
                      frame.assembly().scalar("seed"), step(), example(), element(left, extents))));
        });
  }

  private Node step() {
    return switch (frame.context().phase()) {
      case TRAINING -> frame.assembly().scalar("step");
      case INFERENCE -> nodes.integer(0);
    };
  }

  /** The example's number in the data set where it is known, else in the batch. */
  private Node example() {
    var leads = frame.use().leads().subList(0, frame.use().examples());
    return frame
        .context()
        .numbers()
        .map(n -> nodes.readAt(n, leads))
        .orElseGet(() -> number(leads, List.of(), List.of()));
  }

  /** Which element: mapped indices first, then the left side, row-major. */
  private Node element(List<Node> left, List<Poly> extents) {
    var leads = frame.use().leads();
    return number(leads.subList(frame.use().examples(), leads.size()), left, extents);
  }

  private Node number(List<Axis> front, List<Node> left, List<Poly> extents) {
    var subscripts = new ArrayList<Node>(front.stream().map(nodes::index).toList());
    var shape = new ArrayList<Poly>(front.stream().map(Axis::extent).toList());
    subscripts.addAll(left);
    shape.addAll(extents);
    return new RowMajor(frame.assembly()).number(subscripts, shape);
  }

  /** FNV-1a over the path, spread by the finaliser of SplitMix64: the same on every machine. */
  static long site(String path) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }
}
