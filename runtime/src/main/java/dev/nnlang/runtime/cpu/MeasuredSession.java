package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Session;

/** A session in which the forms of products are tried out. */
public interface MeasuredSession extends Session {
  /** Before the next run, asks again for the form of every product. */
  void chooseAgain();
}
