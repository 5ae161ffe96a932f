package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.RequestProblem;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.runtime.data.Catalogue;
import dev.nnlang.runtime.data.Catalogue.Entry;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * {@code nn data get NAME}: fetches a set that is too large to ship from its public home, and
 * checks what came before it is given its name.
 */
@Command(
    name = "data",
    description = "Data sets that are too large to ship: list them, or get one.",
    subcommands = {DataCommand.Get.class, DataCommand.ListAll.class})
final class DataCommand implements Runnable {
  @picocli.CommandLine.Spec private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(), "Say what to do: nn data list, or nn data get NAME");
  }

  private static Path folder() {
    return Path.of(System.getProperty("nn.home", ".")).resolve("examples").resolve("data");
  }

  private static List<Entry> catalogue() {
    try {
      return Catalogue.read(folder().resolve("catalogue.csv")).entries();
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
  }

  /** {@code nn data list}. */
  @Command(name = "list", description = "Which sets there are, and which of them are here.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private Output output;

    @Override
    public Integer call() {
      for (var item : catalogue()) {
        var found =
            PlanOptions.shared().stream()
                .flatMap(f -> Stream.of(item.file(), item.also()).map(f::resolve))
                .filter(Files::isRegularFile)
                .findFirst();
        var json =
            Json.object()
                .with("event", "set")
                .with("set", item.set())
                .with("file", item.file())
                .with("bytes", item.bytes())
                .with("url", item.url());
        output.result(
            found.isPresent() ? json.with("at", found.get().toString()) : json,
            "%-16s %-46s %,12d bytes  %s"
                .formatted(
                    item.set(),
                    item.file(),
                    item.bytes(),
                    found.map(Path::toString).orElse("not here")));
      }
      return ExitStatus.DONE.code();
    }
  }

  /** {@code nn data get NAME}. */
  @Command(name = "get", description = "Fetch a set into examples/data and check its SHA-256.")
  static final class Get implements Callable<Integer> {
    @Mixin private Output output;

    @Parameters(paramLabel = "NAME", description = "The set's name, as nn data list shows it.")
    private String name;

    @Override
    public Integer call() {
      var all = catalogue();
      var wanted = all.stream().filter(item -> item.set().equals(name)).toList();
      if (wanted.isEmpty()) {
        var names = all.stream().map(Entry::set).distinct().toList();
        throw new Reported(
            new RequestProblem.NoSuchName(
                "(data sets)", "data set", name, NearNames.near(name, names), names));
      }
      for (var item : wanted) {
        fetch(item);
      }
      return ExitStatus.DONE.code();
    }

    private void fetch(Entry item) {
      var target = folder().resolve(item.file());
      if (Files.exists(target) && sha256(TextFiles.read(target)).equals(item.sha256())) {
        output.result(got(item, target), item.file() + " is here already");
        return;
      }
      if (!output.json) {
        output.err().println("fetching " + item.url());
      }
      var bytes = download(item);
      var found = sha256(bytes);
      if (!found.equals(item.sha256())) {
        throw new Reported(
            new CommandProblem.CannotFetch(
                item.set(),
                "what came for %s is not the file: its SHA-256 is %s, expected %s"
                    .formatted(item.file(), found, item.sha256()),
                byHand(item)));
      }
      TextFiles.write(target, bytes);
      output.result(got(item, target), "got " + target);
    }

    private static Json.Members got(Entry item, Path target) {
      return Json.object()
          .with("event", "got")
          .with("set", item.set())
          .with("file", target.toString());
    }

    private byte[] download(Entry item) {
      var request =
          HttpRequest.newBuilder(URI.create(item.url())).timeout(Duration.ofMinutes(10)).build();
      try (var client =
          HttpClient.newBuilder()
              .connectTimeout(Duration.ofSeconds(15))
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build()) {
        var response = client.send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
          throw refused(item, "its home answered " + response.statusCode());
        }
        return response.body();
      } catch (IOException failed) {
        throw refused(item, "its home cannot be reached (" + TextFiles.reason(failed) + ")");
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw refused(item, "the fetch was interrupted");
      }
    }

    private static Reported refused(Entry item, String why) {
      return new Reported(
          new CommandProblem.CannotFetch(
              item.set(), item.file() + " was not fetched: " + why, byHand(item)));
    }

    private static String byHand(Entry item) {
      return "without a network, copy the file of %,d bytes to %s, or set NN_DATA to a folder that holds %s"
          .formatted(item.bytes(), folder().resolve(item.file()), item.file());
    }

    private static String sha256(byte[] bytes) {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException("every Java has SHA-256", impossible);
      }
    }
  }
}
