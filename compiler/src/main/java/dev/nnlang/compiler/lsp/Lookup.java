package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.semantics.names.Workspace.Declared;
import dev.nnlang.compiler.syntax.Ast;
import java.util.Optional;

/**
 * What a name of one file means: the nearest declaration, then the files it uses, then the library.
 */
record Lookup(Ast.File file, Workspace workspace) {
  /** The meaning of a declaration at the top of a file. */
  static Meaning meaning(Declared declared) {
    var sort =
        switch (declared.declaration()) {
          case Ast.Function _ -> Meaning.Sort.FUNCTION;
          case Ast.DimDef _, Ast.EnumDim _ -> Meaning.Sort.DIM;
          case Ast.ConstDef _ -> Meaning.Sort.CONST;
          case Ast.Data _ -> Meaning.Sort.DATA;
          case Ast.Train _ -> Meaning.Sort.TRAIN;
          case Ast.Use _, Ast.Missing _ -> Meaning.Sort.FILE;
        };
    return new Meaning(
        sort, declared.name().text(), declared.name().span(), declared.declaration());
  }

  Optional<Meaning> find(String name, Scope scope) {
    var local = scope.find(name);
    return local != null ? Optional.of(local) : workspace.find(file, name).map(Lookup::meaning);
  }

  /** The declaration that is called: by its name, an alias, or an instance of it. */
  Optional<Ast.Function> callee(Ast.Expr e, Scope scope) {
    return switch (e) {
      case Ast.Ref r ->
          find(r.name().text(), scope)
              .flatMap(
                  m ->
                      m.sort() == Meaning.Sort.INSTANCE && m.node() instanceof Ast.Equation made
                          ? callee(made.right(), Scope.EMPTY)
                          : m.function());
      case Ast.Member(Ast.Ref alias, var member, _) ->
          workspace
              .find(file, alias.name().text(), member.text())
              .flatMap(d -> meaning(d).function());
      case Ast.Call call -> callee(call.callee(), scope);
      default -> Optional.empty();
    };
  }

  /** The data that a plan trains on. */
  Optional<Ast.Data> dataOf(Ast.Train t) {
    var name = t.data() instanceof Ast.Call call ? call.callee() : t.data();
    var found =
        switch (name) {
          case Ast.Ref r -> workspace.find(file, r.name().text());
          case Ast.Member(Ast.Ref alias, var member, _) ->
              workspace.find(file, alias.name().text(), member.text());
          default -> Optional.<Declared>empty();
        };
    return found.flatMap(
        d -> d.declaration() instanceof Ast.Data data ? Optional.of(data) : Optional.empty());
  }
}
