package dev.nnlang.compiler.induction;

import dev.nnlang.compiler.elaborate.Stack;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Signature;
import java.util.List;

/** The border of a program with all copies of a stack. */
final class TallSignature {
  private TallSignature() {}

  static Signature of(Signature low, Stack stack) {
    return new Signature(
        low.name(),
        low.open(),
        ports(low.inputs(), stack),
        ports(low.outputs(), stack),
        names(low.updated(), stack));
  }

  private static List<Port> ports(List<Port> low, Stack stack) {
    var ports =
        new Named(
            low.stream().map(Port::name).toList(), stack, (a, b) -> isLike(low.get(a), low.get(b)));
    return ports.whole().stream()
        .map(
            i -> {
              var port = low.get(i.source());
              return new Port(ports.name(i), port.role(), port.type(), port.shape());
            })
        .toList();
  }

  private static boolean isLike(Port a, Port b) {
    return a.role() == b.role() && a.type() == b.type() && a.shape().equals(b.shape());
  }

  private static List<String> names(List<String> low, Stack stack) {
    var names = new Named(low, stack, (_, _) -> true);
    return names.whole().stream().map(names::name).toList();
  }
}
