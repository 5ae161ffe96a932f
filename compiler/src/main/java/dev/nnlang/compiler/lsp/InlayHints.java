package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.picture.Shapes;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.AstWalk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.InlayHint;
import org.eclipse.lsp4j.InlayHintKind;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/**
 * What the text leaves out: the dimensions of locals and of the stages of a pipe where they change,
 * what a call is mapped over, the names of arguments and the defaults that are in force. Only what
 * this version of the text says: an old shape over a broken line would be a lie.
 */
final class InlayHints {
  /** A list of defaults longer than this is cut; its tip shows all. */
  private static final int DEFAULTS = 3;

  /** A default of more characters is left to the tip: a formula would push the text away. */
  private static final int LONGEST_DEFAULT = 12;

  /** Which of them are wanted. */
  record Wanted(boolean shapes, boolean mapping, boolean arguments) {
    static final Wanted ALL = new Wanted(true, true, true);
  }

  private final Analysis analysis;
  private final int start;
  private final int end;
  private final Wanted wanted;
  private final List<InlayHint> hints = new ArrayList<>();
  private final Set<Integer> shapedEnds = new HashSet<>();

  private InlayHints(Analysis analysis, int start, int end, Wanted wanted) {
    this.analysis = analysis;
    this.start = start;
    this.end = end;
    this.wanted = wanted;
  }

  /** Those between two offsets, in the order of the text. */
  static List<InlayHint> in(Analysis analysis, int start, int end, Wanted wanted) {
    var all = new InlayHints(analysis, start, end, wanted);
    all.analysis.tree().declarations().forEach(all::declaration);
    return all.hints.stream()
        .sorted(
            Comparator.comparingInt((InlayHint h) -> h.getPosition().getLine())
                .thenComparingInt(h -> h.getPosition().getCharacter()))
        .toList();
  }

  private void add(int offset, String label, InlayHintKind kind, String tip) {
    if (offset < start || offset > end) {
      return;
    }
    var hint = new InlayHint(analysis.positions().position(offset), Either.forLeft(label));
    hint.setKind(kind);
    hint.setTooltip(tip);
    hint.setPaddingLeft(kind == InlayHintKind.Type && !label.startsWith(":"));
    hints.add(hint);
  }

  private void declaration(Ast.Declaration declaration) {
    if (declaration.span().end() < start || declaration.span().start() > end) {
      return;
    }
    var walk = new AstWalk(this::expr);
    switch (declaration) {
      case Ast.Function f -> {
        switch (f.body()) {
          case Ast.Block block -> {
            locals(block);
            walk.block(block);
          }
          case Ast.Single single -> walk.expr(single.value());
        }
      }
      case Ast.Data d -> {
        for (var s : d.body().statements()) {
          switch (s) {
            case Ast.Fit fit -> locals(fit.body());
            case Ast.Sample sample -> locals(sample.body());
            default -> {}
          }
        }
        walk.block(d.body());
      }
      case Ast.Train t -> t.settings().forEach(s -> walk.expr(s.value()));
      case Ast.DimDef _, Ast.EnumDim _, Ast.ConstDef _, Ast.Use _, Ast.Missing _ -> {}
    }
  }

  // Shapes.

  private void locals(Ast.Block block) {
    for (var s : block.statements()) {
      switch (s) {
        case Ast.Equation e -> {
          if (!e.left().primed() && e.type().isEmpty() && isLocal(e.left().name())) {
            shape(e.left().name(), e.left().span().end());
          }
        }
        case Ast.Destructuring d ->
            d.targets().forEach(t -> t.name().ifPresent(n -> shape(n, n.span().end())));
        case Ast.If choice -> {
          locals(choice.then());
          choice.otherwise().ifPresent(this::locals);
        }
        default -> {}
      }
    }
  }

  /** Outputs and tensors of the sample say their shape in the head. */
  private boolean isLocal(Ast.Name name) {
    return analysis
        .names()
        .at(name.span().start())
        .filter(o -> o.meaning().sort() == Meaning.Sort.LOCAL)
        .isPresent();
  }

  private void shape(Ast.Name name, int offset) {
    if (!wanted.shapes()) {
      return;
    }
    var variable =
        analysis.names().at(name.span().start()).flatMap(o -> analysis.variable(o.meaning()));
    if (variable.isEmpty()) {
      return;
    }
    var text = Shapes.text(variable.get().type());
    if (!text.isEmpty()) {
      var sizes = Shapes.sizes(variable.get().type().shape());
      add(
          offset,
          text.startsWith(":") ? text : ": " + text,
          InlayHintKind.Type,
          "the shape of "
              + name.text()
              + ", found by the compiler"
              + (sizes.isEmpty() ? "" : "; " + sizes));
    }
  }

  private void expr(Ast.Expr e) {
    if (e.span().end() < start || e.span().start() > end) {
      return;
    }
    switch (e) {
      case Ast.Pipe pipe -> pipe(pipe);
      case Ast.Call call -> {
        mapping(call);
        arguments(call);
      }
      default -> {}
    }
  }

  private void pipe(Ast.Pipe pipe) {
    var findings = analysis.findings();
    var before = findings.type(pipe.input().span()).orElse(null);
    for (var stage : pipe.stages()) {
      var after = findings.type(stage.span()).orElse(null);
      var call = findings.call(stage.function().span()).orElse(null);
      boolean isChanged = after != null && before != null && !after.equals(before);
      var text = new StringBuilder();
      if (isChanged && wanted.shapes()) {
        var shape = Shapes.text(after);
        text.append("→ ").append(shape.isEmpty() ? "scalar" : shape);
      }
      if (call != null && wanted.mapping() && Heads.isMappedVisibly(call)) {
        text.append(text.isEmpty() ? "" : " ").append("over ").append(Heads.mapped(call));
      }
      shapedEnds.add(stage.function().span().end());
      if (!text.isEmpty()) {
        add(
            stage.span().end(),
            text.toString(),
            InlayHintKind.Type,
            "the shape behind this stage, found by the compiler");
      }
      before = after;
    }
  }

  private void mapping(Ast.Call e) {
    var call = analysis.findings().call(e.span()).orElse(null);
    if (call != null
        && wanted.mapping()
        && Heads.isMappedVisibly(call)
        && !shapedEnds.contains(e.span().end())) {
      add(
          e.span().end(),
          "over " + Heads.mapped(call),
          InlayHintKind.Type,
          call.instance().body().name() + " is mapped over these leading dimensions");
    }
  }

  // Arguments.

  private void arguments(Ast.Call call) {
    if (!wanted.arguments() || call.callee() instanceof Ast.Call) {
      return;
    }
    var callee = callee(call);
    if (callee == null || !isConfig(call, callee)) {
      return;
    }
    var given = new HashSet<String>();
    call.arguments().forEach(a -> a.name().ifPresent(n -> given.add(n.text())));
    int position = 0;
    for (var argument : call.arguments()) {
      if (argument.name().isPresent()) {
        continue;
      }
      while (position < callee.configs().size()
          && given.contains(callee.configs().get(position).name().text())) {
        position++;
      }
      if (position == callee.configs().size()) {
        return;
      }
      var name = callee.configs().get(position).name().text();
      given.add(name);
      if (!argument.value().span().text().equals(name)) {
        add(
            argument.span().start(),
            name + " =",
            InlayHintKind.Parameter,
            Heads.plain(callee.configs().get(position).span().text()));
        hints.getLast().setPaddingRight(true);
      }
    }
    defaults(call, callee, given);
  }

  private void defaults(Ast.Call call, Ast.Function callee, Set<String> given) {
    var open = new ArrayList<String>();
    var brief = new ArrayList<String>();
    for (var config : callee.configs()) {
      if (!given.contains(config.name().text()) && config.fallback().isPresent()) {
        var value = Heads.plain(config.fallback().get().span().text());
        open.add(config.name().text() + " = " + value);
        brief.add(config.name().text() + " = " + (value.length() > LONGEST_DEFAULT ? "…" : value));
      }
    }
    int bracket = call.span().end() - 1;
    if (open.isEmpty() || call.span().text().indexOf(')') < 0) {
      return;
    }
    var shown = brief.stream().limit(DEFAULTS).collect(Collectors.joining(", "));
    add(
        bracket,
        (call.arguments().isEmpty() ? "" : ", ") + shown + (open.size() > DEFAULTS ? ", …" : ""),
        InlayHintKind.Parameter,
        "defaults in force: " + String.join(", ", open));
  }

  private Ast.Function callee(Ast.Call call) {
    return switch (call.callee()) {
      case Ast.Ref r ->
          analysis
              .names()
              .at(r.span().start())
              .filter(o -> o.at().start() == r.span().start())
              .flatMap(o -> o.meaning().function())
              .orElse(null);
      case Ast.Member m ->
          analysis
              .names()
              .at(m.member().span().start())
              .flatMap(o -> o.meaning().function())
              .orElse(null);
      default -> null;
    };
  }

  /** Whether a call's list is config: always for what one makes instances of (LR-23). */
  private boolean isConfig(Ast.Call call, Ast.Function callee) {
    return switch (callee.kind()) {
      case LAYER, MODEL, OPTIMIZER, INIT, SCHEDULE -> true;
      case FN, ACTIVATION, LOSS, METRIC -> {
        // Named config only, or what follows is another list: else the list is inputs.
        boolean asInputs = analysis.findings().call(call.span()).isPresent();
        boolean allNamed = call.arguments().stream().allMatch(a -> a.name().isPresent());
        yield !asInputs && allNamed && !call.arguments().isEmpty();
      }
    };
  }
}
