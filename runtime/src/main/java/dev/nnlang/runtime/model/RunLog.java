package dev.nnlang.runtime.model;

import dev.nnlang.runtime.file.WholeFile;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.train.TrainingEvent;
import dev.nnlang.runtime.train.TrainingListener;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Appends a run's events to {@code run.jsonl}. The file is made at the first event, so a run that
 * never starts leaves nothing; a full disk does not end the run, but {@link #problem} tells of it.
 */
public final class RunLog implements TrainingListener, AutoCloseable {
  /** Of a longer run only every so many steps are written. */
  private static final long MOST_STEPS = 10_000;

  private final Path file;
  private Writer out;
  private Problem problem;

  /** A log that is not there yet, or is continued. */
  public RunLog(Path folder) {
    file = ModelFolder.log(folder);
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.GateStep _ -> {
        // A gate that fails must leave no folder behind.
      }
      case TrainingEvent.Step step -> {
        if (step.step() % (1 + (step.steps() - 1) / MOST_STEPS) == 0) {
          write(event);
        }
      }
      case TrainingEvent.GatePassed _,
          TrainingEvent.Started _,
          TrainingEvent.Epoch _,
          TrainingEvent.Warning _,
          TrainingEvent.Saved _,
          TrainingEvent.Interrupted _,
          TrainingEvent.Done _ -> {
        write(event);
        flush();
      }
    }
  }

  /** Why lines are missing, if some are. */
  public Optional<Problem> problem() {
    return Optional.ofNullable(problem);
  }

  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      problem = WholeFile.unwritable(file, e);
    }
  }

  private void write(TrainingEvent event) {
    if (problem != null) {
      return;
    }
    try {
      if (out == null) {
        open();
      }
      out.write(event.json() + "\n");
    } catch (IOException e) {
      problem = WholeFile.unwritable(file, e);
    }
  }

  private void open() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    boolean cutOff = false;
    if (Files.exists(file) && Files.size(file) > 0) {
      try (var old = Files.newByteChannel(file)) {
        var last = ByteBuffer.allocate(1);
        old.position(old.size() - 1).read(last);
        cutOff = last.get(0) != '\n';
      }
    }
    out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    if (cutOff) {
      out.write('\n');
    }
  }

  private void flush() {
    try {
      if (out != null) {
        out.flush();
      }
    } catch (IOException e) {
      problem = WholeFile.unwritable(file, e);
    }
  }
}
