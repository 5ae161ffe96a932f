package dev.nnlang.runtime.problem;

/** All that can be wrong at run time: 08 data, 085 training, 087 model folders, 088 devices. */
public enum ProblemCode {
  FILE_NOT_FOUND("E0801"),
  /** A directory, no permission, a device that fails. */
  FILE_UNREADABLE("E0802"),
  FILE_EMPTY("E0803"),
  /** Ends before its own header or gzip trailer says. */
  FILE_TRUNCATED("E0804"),
  /** Not what its reader reads. */
  FILE_FORMAT("E0805"),
  READER_UNKNOWN("E0806"),
  READER_ARGUMENT("E0807"),
  COLUMN_MISSING("E0808"),
  SEPARATOR("E0809"),
  ROW_RAGGED("E0810"),
  CELL_EMPTY("E0811"),
  NOT_A_NUMBER("E0812"),
  NOT_FINITE("E0813"),
  /** Not a word of the enumerated dimension. */
  WORD_UNKNOWN("E0814"),
  /** A value outside its index set: class 10 of 10. */
  INDEX_OUTSIDE("E0815"),
  NOT_INTEGRAL("E0816"),
  /** The data's shape is not the source's. */
  SOURCE_SHAPE("E0817"),
  /** Two sources give one dimension two sizes. */
  DIMENSION_DISAGREES("E0818"),
  /** No value of the sample index has all its reads inside. */
  NO_EXAMPLES("E0819"),
  SPLIT("E0820"),
  /** More different characters than the dimension has. */
  VOCABULARY("E0821"),
  QUOTE_OPEN("E0822"),
  /** Not UTF-8. */
  ENCODING("E0823"),
  /** A name that an archive does not hold. */
  ENTRY_MISSING("E0824"),
  /** More than one machine holds: beyond 2^31 - 1 elements. */
  TOO_LARGE("E0825"),
  /** The loss became NaN or infinite. */
  LOSS_NOT_FINITE("E0851"),
  /** {@code first} was not reached. */
  GATE_FAILED("E0852"),
  /** {@code stop} or {@code first} watches what the run does not have. */
  RESULT_MISSING("E0853"),
  /** A setting that cannot be met by these data. */
  SETTING("E0854"),
  /** What {@code watch} warns of. */
  GRADIENT_VANISHING("W0861"),
  GRADIENT_EXPLODING("W0862"),
  ACTIVATION_SATURATED("W0863"),
  UNITS_DEAD("W0864"),
  MODEL_MISSING("E0871"),
  MODEL_DAMAGED("E0872"),
  /** Made by other sources, or by other shapes. */
  MODEL_MISMATCH("E0873"),
  MODEL_UNWRITABLE("E0874"),
  /** No driver, or no device of this number. */
  DEVICE_MISSING("E0881"),
  DEVICE_MEMORY("E0882"),
  /** A driver that refuses our kernels. */
  DEVICE_BUILD("E0883"),
  /** A call of the driver that failed. */
  DEVICE_FAILED("E0884"),
  /** More than kernels of a device count. */
  DEVICE_COUNT("E0885");

  private final String code;

  ProblemCode(String code) {
    this.code = code;
  }

  /** As shown: {@code E0801}. */
  public String code() {
    return code;
  }
}
