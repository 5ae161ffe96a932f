package dev.nnlang.compiler.picture;

import dev.nnlang.compiler.semantics.Typed;
import java.util.List;

/** What the boxes of a picture say about the kernels that compute them. */
public interface Kernels {
  /** Nothing. */
  Kernels NONE =
      new Kernels() {
        @Override
        public String name(Typed.Body body, Typed.Call call) {
          return "";
        }

        @Override
        public List<String> lines(String name) {
          return List.of();
        }
      };

  /** The name of a call of a body, as it stands in the names of equations. */
  String name(Typed.Body body, Typed.Call call);

  /** A line for each kernel that computes an equation of this name, or of a call of this name. */
  List<String> lines(String name);
}
