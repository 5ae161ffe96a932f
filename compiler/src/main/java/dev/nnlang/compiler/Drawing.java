package dev.nnlang.compiler;

import dev.nnlang.compiler.picture.Kernels;
import dev.nnlang.compiler.picture.Picture;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Optional;

/** A declaration of a program as a picture. */
public final class Drawing {
  private Drawing() {}

  /**
   * The picture of a declaration.
   *
   * @param name which one; the first model of the file where none is said
   * @return empty where there is none, or it has errors
   */
  public static Optional<Picture> of(
      Inspection inspection, Optional<String> name, Picture.Level level) {
    return declarations(inspection).stream()
        .filter(f -> name.map(f.name().text()::equals).orElse(f.kind() == Ast.Kind.MODEL))
        .findFirst()
        .flatMap(f -> of(inspection, f, level));
  }

  /** At the level of kernels, what a prediction computes; else all that is written. */
  private static Optional<Picture> of(
      Inspection inspection, Ast.Function declaration, Picture.Level level) {
    var findings = inspection.findings();
    return switch (level) {
      case LAYERS, EQUATIONS ->
          findings.body(declaration).map(b -> Picture.of(b, level, Kernels.NONE));
      case KERNELS ->
          findings.inference(declaration).map(b -> Picture.of(b, level, DrawnKernels.of(b)));
    };
  }

  /** The names of what can be drawn: what maps tensors to tensors and has no errors. */
  public static List<String> drawable(Inspection inspection) {
    return declarations(inspection).stream()
        .filter(f -> inspection.findings().body(f).isPresent())
        .map(f -> f.name().text())
        .toList();
  }

  private static List<Ast.Function> declarations(Inspection inspection) {
    return inspection.workspace().files().getFirst().declarations().stream()
        .filter(Ast.Function.class::isInstance)
        .map(Ast.Function.class::cast)
        .toList();
  }
}
