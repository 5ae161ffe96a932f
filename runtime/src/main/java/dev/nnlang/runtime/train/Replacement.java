package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.ReaderCall;
import dev.nnlang.runtime.data.ReaderCall.Argument;
import dev.nnlang.runtime.data.ReaderCall.Value;
import dev.nnlang.runtime.data.SourcePlan;
import java.util.ArrayList;
import java.util.List;

/** A source read from another file than the program says; the file's name tells its format. */
final class Replacement {
  private Replacement() {}

  static SourcePlan of(SourcePlan source, String file) {
    var bare = file.endsWith(".gz") ? file.substring(0, file.length() - 3) : file;
    var format = bare.substring(bare.lastIndexOf('.') + 1);
    var call = source.reader();
    var replaced =
        switch (format) {
          case "csv", "tsv" ->
              new ReaderCall("csv", call.reader().equals("csv") ? named(call, file) : only(file));
          case "npy" -> new ReaderCall("npy", only(file));
          case "npz", "safetensors" -> new ReaderCall(format, entry(source, format, file));
          default -> new ReaderCall(call.reader(), named(call, file));
        };
    return new SourcePlan(
        source.name(), source.shape(), source.element(), replaced, source.declared());
  }

  private static List<Argument> only(String file) {
    return List.of(Argument.of(new Value.Text(file)));
  }

  /** The new file, with the named arguments of the program: the column and the like. */
  private static List<Argument> named(ReaderCall call, String file) {
    var arguments = new ArrayList<>(only(file));
    call.arguments().stream().filter(a -> a.name().isPresent()).forEach(arguments::add);
    return arguments;
  }

  /** The entry that the program reads from such a file, or the one of the source's name. */
  private static List<Argument> entry(SourcePlan source, String format, String file) {
    var call = source.reader();
    var arguments = new ArrayList<>(only(file));
    arguments.add(
        call.reader().equals(format) && call.arguments().size() == 2
            ? call.arguments().get(1)
            : Argument.of(new Value.Text(source.name())));
    return arguments;
  }
}
