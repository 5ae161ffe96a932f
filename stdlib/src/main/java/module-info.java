/** The standard library of the language, as resources, and the means to read them. */
module dev.nnlang.stdlib {
  exports dev.nnlang.stdlib;
}
