package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.compiler.syntax.SourceText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of an editor's folders: what is open, as the editor has it, and the rest from disk.
 * What has been worked out is kept until a text that went into it is another.
 */
final class Project {
  /** Folders that hold no programs and many files. */
  private static final Set<String> SKIPPED = Set.of("node_modules", "target", "build", "runs");

  private static final int DEEPEST = 8;
  private static final int MOST_FILES = 2000;

  /** A file that is not open, as it was read. */
  private record Stored(long modified, long size, SourceFile file) {}

  private record Read(SourceFile file, Checked<Ast.File> tree) {}

  /** With the texts that went into it, by address. */
  private record Kept(Analysis analysis, Map<String, SourceFile> texts) {}

  private record KeptNames(Names names, Map<String, SourceFile> texts) {}

  private final Map<String, Document> open = new ConcurrentHashMap<>();
  private final Map<String, Stored> stored = new HashMap<>();
  private final Map<String, Read> trees = new HashMap<>();
  private final Map<String, Kept> analyses = new HashMap<>();
  private final Map<String, KeptNames> names = new HashMap<>();
  private final Set<Path> folders = ConcurrentHashMap.newKeySet();

  // What the editor has.

  /** One spelling for each file: editors escape characters that Java does not. */
  static String address(String uri) {
    return path(uri).map(p -> p.toUri().toString()).orElse(uri);
  }

  static Optional<Path> path(String uri) {
    try {
      var parsed = URI.create(uri);
      return "file".equals(parsed.getScheme())
          ? Optional.of(Path.of(parsed).normalize())
          : Optional.empty();
    } catch (IllegalArgumentException | FileSystemNotFoundException noFile) {
      return Optional.empty();
    }
  }

  void addFolder(String uri) {
    path(uri).ifPresent(folders::add);
  }

  void removeFolder(String uri) {
    path(uri).ifPresent(folders::remove);
  }

  void put(Document document) {
    open.put(address(document.uri()), document);
  }

  void close(String uri) {
    open.remove(address(uri));
  }

  Optional<Document> document(String uri) {
    return Optional.ofNullable(open.get(address(uri)));
  }

  List<Document> documents() {
    return List.copyOf(open.values());
  }

  /** Forgets what is not needed for what is open; called where a document was closed. */
  void trim() {
    analyses.keySet().removeIf(address -> !open.containsKey(address));
  }

  // What is worked out: on one thread.

  /** Of a version of a document, which need not be the newest any more. */
  Analysis analysis(Document document) {
    var address = address(document.uri());
    var kept = analyses.get(address);
    if (kept != null
        && kept.texts().get(address) == document.file()
        && isCurrent(address, kept.texts())) {
      return kept.analysis();
    }
    var texts = new LinkedHashMap<String, SourceFile>();
    texts.put(address, document.file());
    var compilation = compilation(address, document.file(), texts);
    var analysis =
        kept == null
            ? Analysis.of(document, compilation)
            : kept.analysis().next(document, compilation);
    analyses.put(address, new Kept(analysis, texts));
    return analysis;
  }

  /** Whether all texts but the started one, which is asked for by its version, are as they were. */
  private boolean isCurrent(String started, Map<String, SourceFile> texts) {
    return texts.entrySet().stream()
        .allMatch(e -> e.getKey().equals(started) || text(e.getKey()).orElse(null) == e.getValue());
  }

  private Compilation compilation(String address, SourceFile file, Map<String, SourceFile> texts) {
    return Compiler.open(file, beside(address, texts));
  }

  /** How {@code use} finds files from a started one: beside and below it. */
  private Sources beside(String address, Map<String, SourceFile> texts) {
    var folder = path(address).map(Path::getParent);
    return used -> {
      var target = folder.map(f -> f.resolve(used).normalize().toUri().toString());
      if (target.isEmpty()) {
        return Optional.empty();
      }
      var file = text(target.get());
      texts.put(target.get(), file.orElse(null));
      return file.map(f -> tree(target.get(), f));
    };
  }

  private Checked<Ast.File> tree(String address, SourceFile file) {
    var known = trees.get(address);
    if (known != null && known.file() == file) {
      return known.tree();
    }
    var tree = Parser.parse(file);
    trees.put(address, new Read(file, tree));
    return tree;
  }

  /** The text of a file as it is now; the same object as long as nothing has changed. */
  private Optional<SourceFile> text(String address) {
    var document = open.get(address);
    if (document != null) {
      return Optional.of(document.file());
    }
    return path(address).flatMap(path -> stored(address, path));
  }

  private Optional<SourceFile> stored(String address, Path path) {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        return Optional.empty();
      }
      long modified = attributes.lastModifiedTime().toMillis();
      var known = stored.get(address);
      if (known != null && known.modified() == modified && known.size() == attributes.size()) {
        return Optional.of(known.file());
      }
      var file = SourceText.decode(address, Files.readAllBytes(path)).value();
      stored.put(address, new Stored(modified, attributes.size(), file));
      return Optional.of(file);
    } catch (IOException unreadable) {
      stored.remove(address);
      return Optional.empty();
    }
  }

  // All files.

  /** The names of every program in the editor's folders and of every open document. */
  Map<String, Names> allNames() {
    var addresses = new LinkedHashSet<>(open.keySet());
    addresses.addAll(files());
    var all = new LinkedHashMap<String, Names>();
    for (var address : addresses) {
      text(address).ifPresent(file -> all.put(address, names(address, file)));
    }
    names.keySet().retainAll(addresses);
    return all;
  }

  /** The same, and those of a file that lies elsewhere: in the library. */
  Map<String, Names> namesWith(String uri) {
    var all = new LinkedHashMap<>(allNames());
    var address = address(uri);
    if (!all.containsKey(address)) {
      text(address).ifPresent(file -> all.put(address, names(address, file)));
    }
    return all;
  }

  private Names names(String address, SourceFile file) {
    var kept = names.get(address);
    if (kept != null && kept.texts().get(address) == file && isCurrent(address, kept.texts())) {
      return kept.names();
    }
    var texts = new LinkedHashMap<String, SourceFile>();
    texts.put(address, file);
    var workspace = compilation(address, file, texts).workspace();
    var made = Names.of(workspace.files().getFirst(), workspace);
    names.put(address, new KeptNames(made, texts));
    return made;
  }

  private List<String> files() {
    var found = new ArrayList<String>();
    for (var folder : folders) {
      try {
        Files.walkFileTree(
            folder,
            Set.of(),
            DEEPEST,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes a) {
                var name = dir.getFileName() == null ? "" : dir.getFileName().toString();
                boolean skip =
                    !dir.equals(folder) && (name.startsWith(".") || SKIPPED.contains(name));
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
                if (file.toString().endsWith(".nn")) {
                  found.add(file.normalize().toUri().toString());
                }
                return found.size() < MOST_FILES
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.TERMINATE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                return FileVisitResult.CONTINUE;
              }
            });
      } catch (IOException unreadable) {
        // A folder that has gone has no files.
        continue;
      }
    }
    return found;
  }
}
