package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows {@code use} from file to file and fills the namespaces (LR-43, LR-48). */
public final class Loader {
  private final Map<String, Symbol> library = new LinkedHashMap<>();
  private final Sources sources;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Optional<Unit>> loaded = new LinkedHashMap<>();
  private final List<String> loading = new ArrayList<>();

  /** Where the names after {@code as} stand, by file and name. */
  private final Map<String, Span> aliasPlaces = new LinkedHashMap<>();

  Loader(List<Ast.File> files, Sources sources) {
    this.sources = sources;
    for (var file : files) {
      var unit = new Unit(file.span().file().name(), file, Unit.Origin.LIBRARY, library);
      declare(unit);
      unit.own().forEach(library::putIfAbsent);
    }
  }

  Checked<Workspace> load(Ast.File main) {
    var path = lastPart(main.span().file().name());
    var unit = unit(path, main);
    var units = new ArrayList<Unit>();
    units.add(unit);
    loaded.values().forEach(u -> u.filter(x -> x != unit).ifPresent(units::add));
    return new Checked<>(new Workspace(unit, units), problems);
  }

  private static String lastPart(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  private Unit unit(String path, Ast.File file) {
    var unit = new Unit(path, file, Unit.Origin.USER, library);
    loading.add(path);
    loaded.put(path, Optional.of(unit));
    declare(unit);
    for (var declaration : file.declarations()) {
      if (declaration instanceof Ast.Use use) {
        use(use, unit);
      }
    }
    loading.removeLast();
    return unit;
  }

  private void declare(Unit unit) {
    for (var declaration : unit.file().declarations()) {
      var name = name(declaration);
      if (name == null || name.isMissing()) {
        continue;
      }
      if (ScalarFunctions.VALUES.subList(2, 4).contains(name.text())
          || name.text().equals("params")) {
        problems.add(new NameProblem.ReservedName(name.span(), name.text()));
        continue;
      }
      wrongCase(declaration, name);
      var earlier = unit.own().putIfAbsent(name.text(), new Symbol(unit, name, declaration));
      if (earlier != null) {
        problems.add(
            new NameProblem.DuplicateName(
                name.span(), name.text(), earlier.span(), "in this file"));
      }
    }
  }

  /** The first letter says what kind of thing a name is (LR-8, LR-41). */
  private void wrongCase(Ast.Declaration declaration, Ast.Name name) {
    boolean isUpper =
        switch (declaration) {
          case Ast.Function f ->
              switch (f.kind()) {
                case LAYER, MODEL, OPTIMIZER -> true;
                case FN, ACTIVATION, LOSS, METRIC, INIT, SCHEDULE -> false;
              };
          case Ast.DimDef _, Ast.EnumDim _, Ast.Data _, Ast.Train _ -> true;
          // A number may be written like the dimension that it stands for.
          case Ast.ConstDef _, Ast.Use _, Ast.Missing _ -> name.isUpper();
        };
    if (isUpper != name.isUpper() && name.text().chars().anyMatch(Character::isLetter)) {
      var what =
          switch (declaration) {
            case Ast.Function f ->
                "a" + (f.kind().word().matches("[aio].*") ? "n " : " ") + f.kind().word();
            case Ast.DimDef _, Ast.EnumDim _ -> "a dimension";
            case Ast.Data _ -> "data";
            case Ast.Train _ -> "a plan";
            case Ast.ConstDef _, Ast.Use _, Ast.Missing _ -> "";
          };
      problems.add(new NameProblem.WrongCase(name.span(), name.text(), what, isUpper));
    }
  }

  private static Ast.Name name(Ast.Declaration declaration) {
    return switch (declaration) {
      case Ast.Function f -> f.name();
      case Ast.DimDef d -> d.name();
      case Ast.EnumDim d -> d.name();
      case Ast.ConstDef k -> k.name();
      case Ast.Data d -> d.name();
      case Ast.Train t -> t.name();
      case Ast.Use _, Ast.Missing _ -> null;
    };
  }

  private void use(Ast.Use use, Unit unit) {
    var written = use.path().value();
    var path = resolve(unit.path(), written);
    if (path == null) {
      problems.add(new NameProblem.OutsideRoot(use.path().span(), written));
      unit.lacks(use);
      return;
    }
    int ring = loading.indexOf(path);
    if (ring >= 0) {
      var names = new ArrayList<>(loading.subList(ring, loading.size()));
      names.add(path);
      problems.add(new NameProblem.UseRing(use.path().span(), names));
      unit.lacks(use);
      return;
    }
    var target = loaded.get(path);
    if (target == null) {
      var opened = sources.open(path);
      if (opened.isEmpty()) {
        problems.add(new NameProblem.NoSuchFile(use.path().span(), path));
        loaded.put(path, Optional.empty());
        unit.lacks(use);
        return;
      }
      problems.addAll(opened.get().problems());
      target = Optional.of(unit(path, opened.get().value()));
    }
    target.ifPresentOrElse(
        used -> {
          unit.used().put(use, used);
          bring(use, used, unit);
        },
        () -> unit.lacks(use));
  }

  private void bring(Ast.Use use, Unit used, Unit unit) {
    if (use.alias().isPresent()) {
      var alias = use.alias().get();
      var first = aliasPlaces.putIfAbsent(unit.path() + " " + alias.text(), alias.span());
      var own = unit.own().get(alias.text());
      if (first != null || own != null) {
        problems.add(
            new NameProblem.DuplicateName(
                alias.span(), alias.text(), first != null ? first : own.span(), "in this file"));
      }
      unit.aliases().putIfAbsent(alias.text(), used);
      return;
    }
    if (use.names().isEmpty()) {
      for (var symbol : used.own().values()) {
        boolean isPlan =
            symbol.declaration() instanceof Ast.Data || symbol.declaration() instanceof Ast.Train;
        if (!isPlan) {
          bring(symbol, use.span(), unit);
        }
      }
      return;
    }
    for (var name : use.names().get()) {
      var symbol = used.own().get(name.text());
      if (symbol != null) {
        bring(symbol, name.span(), unit);
      } else if (!name.isMissing()) {
        unit.lacks(name.text());
        problems.add(
            new NameProblem.NotInFile(
                name.span(),
                name.text(),
                used.path(),
                NearNames.near(name.text(), used.own().keySet())));
      }
    }
  }

  private void bring(Symbol symbol, Span at, Unit unit) {
    var own = unit.own().get(symbol.name());
    if (own != null) {
      problems.add(new NameProblem.ImportClash(at, symbol.name(), own.span(), true));
      return;
    }
    var earlier = unit.imported().putIfAbsent(symbol.name(), new Unit.Import(symbol, at));
    if (earlier != null && earlier.symbol() != symbol) {
      problems.add(new NameProblem.ImportClash(at, symbol.name(), earlier.at(), false));
    }
  }

  /** A path beside the using file, or null where it is absolute or leaves the root folder. */
  private static String resolve(String from, String written) {
    if (written.isEmpty()
        || written.startsWith("/")
        || written.indexOf('\\') >= 0
        || written.indexOf(':') >= 0) {
      return null;
    }
    var parts = new ArrayList<String>();
    int cut = from.lastIndexOf('/');
    if (cut >= 0) {
      parts.addAll(List.of(from.substring(0, cut).split("/")));
    }
    for (var part : written.split("/")) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (parts.isEmpty()) {
            return null;
          }
          parts.removeLast();
        }
        default -> parts.add(part);
      }
    }
    return parts.isEmpty() ? null : String.join("/", parts);
  }
}
