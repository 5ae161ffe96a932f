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

  /**
   * A hint, wherever its declaration stands.
   *
   * @param at counted from the beginning of the declaration
   * @param isBefore whether it belongs to what follows
   */
  record Found(int at, String label, InlayHintKind kind, String tip, boolean isBefore) {}

  private final Analysis analysis;
  private final int start;
  private final Wanted wanted;
  private final List<Found> hints = new ArrayList<>();
  private final Set<Integer> shapedEnds = new HashSet<>();

  private InlayHints(Analysis analysis, int start, Wanted wanted) {
    this.analysis = analysis;
    this.start = start;
    this.wanted = wanted;
  }

  /** Those between two offsets, in the order of the text. */
  static List<InlayHint> in(Analysis analysis, int start, int end, Wanted wanted) {
    var all = new ArrayList<InlayHint>();
    for (var declaration : analysis.tree().declarations()) {
      var span = declaration.span();
      if (span.end() < start || span.start() > end) {
        continue;
      }
      for (var found :
          analysis
              .remembered()
              .hints(declaration, wanted, () -> of(analysis, declaration, wanted))) {
        int at = span.start() + found.at();
        if (start <= at && at <= end) {
          all.add(hint(analysis, at, found));
        }
      }
    }
    return all;
  }

  private static List<Found> of(Analysis analysis, Ast.Declaration declaration, Wanted wanted) {
    var hints = new InlayHints(analysis, declaration.span().start(), wanted);
    hints.declaration(declaration);
    hints.hints.sort(Comparator.comparingInt(Found::at));
    return hints.hints;
  }

  private static InlayHint hint(Analysis analysis, int offset, Found found) {
    var hint = new InlayHint(analysis.positions().position(offset), Either.forLeft(found.label()));
    hint.setKind(found.kind());
    hint.setTooltip(found.tip());
    hint.setPaddingLeft(found.kind() == InlayHintKind.Type && !found.label().startsWith(":"));
    if (found.isBefore()) {
      hint.setPaddingRight(true);
    }
    return hint;
  }

  private void add(int offset, String label, InlayHintKind kind, String tip) {
    hints.add(new Found(offset - start, label, kind, tip, false));
  }

  private void declaration(Ast.Declaration declaration) {
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
    var type = analysis.names().at(name.span().start()).flatMap(o -> analysis.typeNow(o.meaning()));
    if (type.isEmpty()) {
      return;
    }
    var text = Shapes.text(type.get());
    if (!text.isEmpty()) {
      var sizes = Shapes.sizes(type.get().shape());
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
        var tip = Heads.plain(callee.configs().get(position).span().text());
        int at = argument.span().start() - start;
        hints.add(new Found(at, name + " =", InlayHintKind.Parameter, tip, true));
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
