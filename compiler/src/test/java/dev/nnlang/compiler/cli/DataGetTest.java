package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nn data get} from a public home, which here is a server of the test's own. */
class DataGetTest {
  private static final byte[] WHOLE = "1,2\n3,4\n".repeat(500).getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private Path data;
  private Shell shell;
  private ServerSocket server;
  private final AtomicInteger asked = new AtomicInteger();

  /** What the server sends, and how many bytes it says that it sends. */
  private volatile byte[] sent = WHOLE;

  private volatile long promised = WHOLE.length;
  private volatile int status = 200;

  @BeforeEach
  void serve() throws Exception {
    data = Files.createDirectories(folder.resolve("examples/data"));
    shell = new Shell(folder).withHome(folder);
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::answer);
    catalogue("points/a.csv");
  }

  /** One request after the other, as little of HTTP as a client needs. */
  private void answer() {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        for (String line = lines.readLine(); line != null && !line.isEmpty(); ) {
          line = lines.readLine();
        }
        asked.incrementAndGet();
        var head =
            "HTTP/1.1 %d Said\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(status, promised);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(sent);
      } catch (IOException _) {
        // The client has gone, or the test has ended.
      }
    }
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void catalogue(String... files) throws Exception {
    var text = new StringBuilder("name,file,also,bytes,sha256,url\n");
    var sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(WHOLE));
    for (var file : files) {
      text.append("points,%s,,%d,%s,http://".formatted(file, WHOLE.length, sha));
      text.append(server.getInetAddress().getHostAddress());
      text.append(":%d/%s%n".formatted(server.getLocalPort(), file));
    }
    Files.writeString(data.resolve("catalogue.csv"), text);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> data.relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  private void refused(String... says) throws Exception {
    var ended = shell.nn("data", "get", "points");
    assertEquals(1, ended.status(), ended.toString());
    assertTrue(ended.err().contains("error[E0909]: "), ended.err());
    for (var words : says) {
      assertTrue(ended.err().contains(words), ended.err());
    }
    assertTrue(ended.err().contains("NN_DATA"), ended.err());
    assertFalse(ended.err().contains("\tat "), ended.err());
  }

  @Test
  void whatComesWithTheRightHashIsKept() throws Exception {
    var ended = shell.nn("data", "get", "points");
    assertEquals(0, ended.status(), ended.toString());
    assertEquals("got @examples/data/points/a.csv\n", ended.out());
    assertArrayEquals(WHOLE, Files.readAllBytes(data.resolve("points/a.csv")));
    assertEquals(List.of("catalogue.csv", "points/a.csv"), files());
    assertEquals("points/a.csv is here already\n", shell.nn("data", "get", "points").out());
    assertEquals(1, asked.get(), "what is here is not fetched again");
    Files.writeString(data.resolve("points/a.csv"), "changed");
    assertEquals(0, shell.nn("data", "get", "points").status());
    assertArrayEquals(WHOLE, Files.readAllBytes(data.resolve("points/a.csv")));
    var json = shell.nn("data", "get", "--json", "points").out();
    assertEquals(
        "{\"event\":\"got\",\"set\":\"points\",\"file\":\"@examples/data/points/a.csv\"}\n", json);
  }

  @Test
  void anotherHashIsRefusedAndNothingIsWritten() throws Exception {
    sent = WHOLE.clone();
    sent[17] ^= 1;
    refused("its SHA-256 is", "expected " + sha(WHOLE), sha(sent));
    assertEquals(List.of("catalogue.csv"), files());
  }

  private static String sha(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void anOldFileStaysWhereTheNewOneIsRefused() throws Exception {
    Files.createDirectories(data.resolve("points"));
    Files.writeString(data.resolve("points/a.csv"), "old");
    sent = new byte[WHOLE.length];
    refused("is not the file");
    assertEquals("old", Files.readString(data.resolve("points/a.csv")));
  }

  @Test
  void aCutConnectionIsRefused() throws Exception {
    sent = java.util.Arrays.copyOf(WHOLE, 100);
    refused("a.csv was not fetched", "cannot be reached");
    assertEquals(List.of("catalogue.csv"), files());
  }

  @Test
  void aShortFileIsRefused() throws Exception {
    sent = java.util.Arrays.copyOf(WHOLE, 100);
    promised = 100;
    refused("its SHA-256 is");
    assertEquals(List.of("catalogue.csv"), files());
  }

  @Test
  void aHomeThatHasNothingIsSaid() throws Exception {
    status = 404;
    refused("its home answered 404");
    server.close();
    refused("cannot be reached");
    assertEquals(List.of("catalogue.csv"), files());
  }

  @Test
  void theFirstFilesOfASetStayWhereALaterOneFails() throws Exception {
    catalogue("points/a.csv", "points/b.csv");
    assertEquals(0, shell.nn("data", "get", "points").status());
    Files.delete(data.resolve("points/b.csv"));
    sent = new byte[WHOLE.length];
    refused("b.csv");
    assertEquals(List.of("catalogue.csv", "points/a.csv"), files());
  }
}
