package dev.nnlang.compiler.codegen.jvm;

import org.objectweb.asm.Opcodes;

/** What a local or a stack entry holds; picks the opcode of a family. */
enum Kind {
  INT(1, Opcodes.ILOAD, Opcodes.ISTORE, Opcodes.IALOAD, Opcodes.IASTORE, 0),
  LONG(2, Opcodes.LLOAD, Opcodes.LSTORE, Opcodes.LALOAD, Opcodes.LASTORE, 1),
  FLOAT(1, Opcodes.FLOAD, Opcodes.FSTORE, Opcodes.FALOAD, Opcodes.FASTORE, 2),
  DOUBLE(2, Opcodes.DLOAD, Opcodes.DSTORE, Opcodes.DALOAD, Opcodes.DASTORE, 3),
  REF(1, Opcodes.ALOAD, Opcodes.ASTORE, Opcodes.AALOAD, Opcodes.AASTORE, -1);

  final int slots;
  final int load;
  final int store;
  final int arrayLoad;
  final int arrayStore;
  private final int arithmetic;

  Kind(int slots, int load, int store, int arrayLoad, int arrayStore, int arithmetic) {
    this.slots = slots;
    this.load = load;
    this.store = store;
    this.arrayLoad = arrayLoad;
    this.arrayStore = arrayStore;
    this.arithmetic = arithmetic;
  }

  /** The opcode of this kind in a family that starts with the int form: IADD, LADD, FADD, DADD. */
  int of(int intForm) {
    return intForm + arithmetic;
  }
}
