package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The program that gives every parameter and state its first value. */
final class Initials {
  private Initials() {}

  static Program of(
      String name,
      Collection<Registry.Owner> owners,
      Map<String, Frame.Fan> fans,
      Optional<LowStacks> low) {
    var assembly = new Assembly(name);
    assembly.reserve("seed");
    var context = Context.of(Phase.INFERENCE).with(low);
    owners.forEach(owner -> define(assembly, context, owner, fans));
    return assembly.finish();
  }

  private static void define(
      Assembly assembly, Context context, Registry.Owner owner, Map<String, Frame.Fan> fans) {
    var path = owner.path();
    var use =
        Frame.Use.plain(owner.framePath(), Order.START)
            .with(fans.getOrDefault(path, new Frame.Fan(1, 1)));
    var frame = new Frame(assembly, context, new Registry(), owner.body(), use);
    var scope = frame.scope();
    var axes = new ArrayList<Axis>();
    for (var axis : owner.owned().axes()) {
      var bound = scope.bind(axis);
      scope = bound.scope();
      axes.addAll(bound.axes());
    }
    var left = axes.stream().map(a -> Optional.<Node>of(assembly.nodes.index(a))).toList();
    var order = Order.START.at(frame.places().ordinal(owner.owned()));
    var target =
        new Scope.Target(
            path, left, axes.stream().map(Axis::extent).toList(), order, owner.owned().span());
    var node =
        new Lowering(scope.at(target))
            .value(owner.owned().initial())
            .spread(indices(assembly, axes));
    var tensor =
        assembly.define(
            path, axes, node, order, Origin.of(owner.owned().span(), path + ": first value"));
    assembly.output(path, tensor);
  }

  private static List<Node> indices(Assembly assembly, List<Axis> axes) {
    return axes.stream().map(assembly.nodes::index).toList();
  }
}
