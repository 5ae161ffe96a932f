package dev.nnlang.compiler;

import dev.nnlang.compiler.codegen.gpu.Arithmetic;
import dev.nnlang.runtime.gpu.Device;
import dev.nnlang.runtime.tensor.ElementType;

/**
 * What may be chosen about the result of a compilation.
 *
 * @param precision of reals
 * @param backend what runs the equations
 */
public record Options(Precision precision, Backend backend) {
  public Options {
    if (precision == Precision.f64
        && backend instanceof Backend.Kernels(_, var rounding)
        && rounding != Rounding.ieee) {
      throw new IllegalArgumentException(rounding + " is for reals of 32 bits");
    }
  }

  /** As written on the command line. */
  public enum Precision {
    f32(ElementType.F32, dev.nnlang.compiler.codegen.jvm.Precision.F32),
    f64(ElementType.F64, dev.nnlang.compiler.codegen.jvm.Precision.F64);

    private final ElementType element;
    private final dev.nnlang.compiler.codegen.jvm.Precision code;

    Precision(ElementType element, dev.nnlang.compiler.codegen.jvm.Precision code) {
      this.element = element;
      this.code = code;
    }

    public ElementType element() {
      return element;
    }

    dev.nnlang.compiler.codegen.jvm.Precision code() {
      return code;
    }
  }

  /** How a device computes matrix products of reals of 32 bits; as written on the command line. */
  public enum Rounding {
    ieee(Arithmetic.ieee),
    tf32(Arithmetic.tf32),
    bf16(Arithmetic.bf16);

    private final Arithmetic code;

    Rounding(Arithmetic code) {
      this.code = code;
    }

    Arithmetic code() {
      return code;
    }
  }

  /** What runs the equations. */
  public sealed interface Backend {
    Backend BYTECODE = new Bytecode();
    Backend INTERPRETER = new Interpreter();

    /** Generated classes. */
    record Bytecode() implements Backend {}

    /** The reference interpreter, the judge of the others. */
    record Interpreter() implements Backend {}

    /**
     * Generated kernels on a device.
     *
     * @param rounding of the factors of products
     */
    record Kernels(Device device, Rounding rounding) implements Backend {
      public Kernels(Device device) {
        this(device, Rounding.ieee);
      }
    }
  }

  /** 32 bits, generated classes. */
  public static Options standard() {
    return new Options(Precision.f32, Backend.BYTECODE);
  }
}
