package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was written: the syntax tree of a {@code .nn} file.
 *
 * <p>Nothing is resolved here: {@code sum}, {@code inf}, {@code pi}, {@code batch}, {@code
 * training} and {@code params} are {@link Ref}s like any other name. Parentheses are gone (the
 * shape of the tree says what they said). Where the text has a hole there is a {@link Missing}, of
 * which the parser has told the user already, so that later stages say nothing more about it.
 */
public sealed interface Ast {
  /** The characters it was written with. */
  Span span();

  /** A whole file, declarations in the order written. */
  record File(List<Declaration> declarations, Span span) implements Ast {
    public File {
      declarations = List.copyOf(declarations);
    }
  }

  /**
   * A name as it stands at a declaration or a use, without a prime.
   *
   * @param text never empty; {@code ?} where the parser could not find one (see {@link #isMissing})
   */
  record Name(String text, Span span) implements Ast {
    /** Whether the text has a hole here: say nothing about this name. */
    public boolean isMissing() {
      return text.equals("?");
    }

    /**
     * Whether the first letter after underscores is a capital one (LR-41): a dimension or maker.
     */
    public boolean isUpper() {
      return text.chars().filter(c -> c != '_').limit(1).anyMatch(Character::isUpperCase);
    }
  }

  /**
   * The {@code ///} lines above a declaration or an equation.
   *
   * @param text the lines without slashes and the blank after them, joined by line ends
   */
  record Doc(String text, Span span) implements Ast {}

  /**
   * A hole: something must stand here and does not, or could not be read. It fits wherever a part
   * of the tree may stand. A block that holds one may lack definitions, and so may the head of a
   * declaration whose block does: names that are unknown there have had their message.
   */
  record Missing(Span span)
      implements Expr, Statement, Declaration, Subscript, LeftItem, DimItem, Binder {}

  // ---------------------------------------------------------------------------------------------
  // Declarations

  /** What may stand at the top of a file. */
  sealed interface Declaration extends Ast {}

  /**
   * {@code use "file.nn" (A, b) as m}.
   *
   * @param names the names asked for; absent for all of them
   */
  record Use(Text path, Optional<List<Name>> names, Optional<Name> alias, Span span)
      implements Declaration {}

  /** {@code dim Name = expr}, at file level or in a body. */
  record DimDef(Optional<Doc> doc, Name name, Expr value, Span span)
      implements Declaration, Statement {}

  /** {@code dim Gate { input, forget, cell = "word" }}. */
  record EnumDim(Optional<Doc> doc, Name name, List<EnumMember> members, Span span)
      implements Declaration, Statement {
    public EnumDim {
      members = List.copyOf(members);
    }
  }

  /**
   * One member of an enumerated dimension.
   *
   * @param word how data spell it, where that is not its name
   */
  record EnumMember(Name name, Optional<Text> word, Span span) implements Ast {}

  /** {@code const name = expr}. */
  record ConstDef(Optional<Doc> doc, Name name, Expr value, Span span)
      implements Declaration, Statement {}

  /** The kinds that map tensors to tensors. */
  enum Kind {
    FN,
    ACTIVATION,
    LAYER,
    MODEL,
    LOSS,
    METRIC,
    OPTIMIZER,
    INIT,
    SCHEDULE;

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * {@code kind Name (config) : inputs -> outputs where conditions body}.
   *
   * @param outputs empty where none are written: a one-expression body then names its output {@code
   *     value} (LR-79)
   */
  record Function(
      Optional<Doc> doc,
      Kind kind,
      Name name,
      List<Config> configs,
      List<Port> inputs,
      List<Port> outputs,
      List<Condition> conditions,
      Body body,
      Span span)
      implements Declaration {
    public Function {
      configs = List.copyOf(configs);
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      conditions = List.copyOf(conditions);
    }
  }

  /** {@code data Name (config) { source.. fit.. sample.. split = .. }}. */
  record Data(Optional<Doc> doc, Name name, List<Config> configs, Block body, Span span)
      implements Declaration {
    public Data {
      configs = List.copyOf(configs);
    }
  }

  /**
   * {@code train Name : Model(config) on Data(config) { settings }}.
   *
   * @param model a {@link Ref}, a {@link Member} ({@code m.Net}) or a {@link Call} of one
   * @param data the same
   * @param settings in the order written; statements that are no settings are problems already
   */
  record Train(
      Optional<Doc> doc, Name name, Expr model, Expr data, List<Setting> settings, Span span)
      implements Declaration {
    public Train {
      settings = List.copyOf(settings);
    }
  }

  /** {@code name : type = default}, one entry of a declaration's config list. */
  record Config(Name name, Optional<ConfigType> type, Optional<Expr> fallback, Span span)
      implements Ast {}

  /** A config's written type. */
  record ConfigType(ConfigKind kind, HowMany howMany, Span span) implements Ast {}

  /** How many values a config has. */
  sealed interface HowMany {
    record One() implements HowMany {}

    /** {@code dim[2]}: a list of so many, or one that stands for all. */
    record Exactly(int count) implements HowMany {}

    /** {@code real[]}: a list of any length, which is a tensor in the body. */
    record Any() implements HowMany {}
  }

  /** The types that a config may be given (LR-24). */
  enum ConfigKind {
    INT,
    REAL,
    BOOL,
    STRING,
    DIM,
    FN,
    LAYER,
    INIT,
    SCHEDULE
  }

  /**
   * An input, an output or a tensor of {@code sample}: {@code x[T, In]: index Char}.
   *
   * @param dims absent where no brackets are written
   * @param absent what stands for an input that a call does not give, or an output that it does not
   *     take; absent where every call must
   */
  record Port(
      Name name,
      Optional<List<DimItem>> dims,
      Optional<Type> type,
      Optional<Absent> absent,
      Span span)
      implements Ast {}

  /** What stands for an input or output that a call leaves out. */
  sealed interface Absent extends Ast {}

  /** {@code h0[Units] ?? 0}: the value of an input that is not given. */
  record Default(Expr value, Span span) implements Absent {}

  /** {@code last[Units] ?? _}: an output that need not be taken. */
  record Dropped(Span span) implements Absent {}

  /** One entry of a shape. */
  sealed interface DimItem extends Ast {}

  /** A size: a dimension's name, a number, or arithmetic over them. */
  record DimSize(Expr size, Span span) implements DimItem {}

  /** {@code batch}: all that the declaration is mapped over. */
  record DimBatch(Span span) implements DimItem {}

  /** {@code ...S}: any run of dimensions. */
  record DimRun(Name name, Span span) implements DimItem {}

  /** {@code g: Gate} in the shape of a param or state: a size and the index that runs over it. */
  record DimIndexed(Name index, Expr size, Span span) implements DimItem {}

  /** The type of a tensor's elements, where it is written; otherwise it is real or inferred. */
  sealed interface Type extends Ast {}

  /** {@code index D}; the dimension is a {@link Ref} or a {@link Member}. */
  record IndexType(Expr dimension, Span span) implements Type {}

  /** {@code bool}, {@code int} or {@code real}. */
  record ScalarType(Scalar scalar, Span span) implements Type {}

  /** The scalar types that can be written. */
  enum Scalar {
    BOOL,
    INT,
    REAL
  }

  /** {@code D % Heads == 0 : "message"}, one condition of a {@code where}. */
  record Condition(Expr test, Optional<Text> message, Span span) implements Ast {}

  /** What stands after a declaration's head. */
  sealed interface Body extends Ast {}

  /** {@code { statements }}; also the branches of a static if. */
  record Block(List<Statement> statements, Span span) implements Body {
    public Block {
      statements = List.copyOf(statements);
    }
  }

  /** {@code = expr} or {@code ~ draw}. */
  record Single(Relation relation, Expr value, Span span) implements Body {}

  /** How a left side gets its value. */
  enum Relation {
    /** {@code =}. */
    EQUALS,
    /** {@code ~}, drawn from. */
    DRAWN
  }

  // ---------------------------------------------------------------------------------------------
  // Statements

  /** What may stand in a body. Beside these: {@link DimDef}, {@link EnumDim}, {@link ConstDef}. */
  sealed interface Statement extends Ast {}

  /**
   * {@code y[t, o: Out]: int = expr} or {@code eps[k: Z] ~ normal(0, 1)}.
   *
   * @param type the type written after the left side
   */
  record Equation(
      Optional<Doc> doc, Left left, Optional<Type> type, Relation relation, Expr right, Span span)
      implements Statement {}

  /**
   * The left side of an equation.
   *
   * @param primed whether it is {@code name'}, the next value
   * @param items the left subscripts; absent where there are no brackets
   */
  record Left(Name name, boolean primed, Optional<List<LeftItem>> items, Span span)
      implements Ast {}

  /** One left subscript. Others ({@code y[0]}, {@code y[2*i]}) are problems, and missing here. */
  sealed interface LeftItem extends Ast {}

  /** {@code i} or {@code i: Range}. */
  record LeftIndex(Name index, Optional<Expr> range, Span span) implements LeftItem {}

  /** {@code :}, what a function sees. */
  record LeftWhole(Span span) implements LeftItem {}

  /** {@code ...s}, the indices over a run of dimensions. */
  record LeftRun(Name name, Span span) implements LeftItem {}

  /** {@code r, _, logvar = Vae()(x)}. At least two targets. */
  record Destructuring(Optional<Doc> doc, List<Target> targets, Expr right, Span span)
      implements Statement {
    public Destructuring {
      targets = List.copyOf(targets);
    }

    /**
     * One of the names on the left.
     *
     * @param name absent for {@code _}
     */
    public record Target(Optional<Name> name, Span span) implements Ast {}
  }

  /** {@code param w[In, Out] ~ init} or {@code frozen param b[Out] = 0}. */
  record Param(
      Optional<Doc> doc,
      boolean frozen,
      Name name,
      Optional<List<DimItem>> dims,
      Optional<Type> type,
      Relation relation,
      Expr value,
      Span span)
      implements Statement {}

  /** {@code state mean[C] = 0}. */
  record State(
      Optional<Doc> doc,
      Name name,
      Optional<List<DimItem>> dims,
      Optional<Type> type,
      Relation relation,
      Expr value,
      Span span)
      implements Statement {}

  /** {@code source table[N, 65] = csv("file.csv")}. */
  record Source(
      Optional<Doc> doc,
      Name name,
      Optional<List<DimItem>> dims,
      Optional<Type> type,
      Expr reader,
      Span span)
      implements Statement {}

  /** {@code sample n -> image[8, 8], label: index Digit { equations }}. */
  record Sample(Optional<Doc> doc, Name index, List<Port> outputs, Block body, Span span)
      implements Statement {
    public Sample {
      outputs = List.copyOf(outputs);
    }
  }

  /** {@code fit { equations }}. */
  record Fit(Optional<Doc> doc, Block body, Span span) implements Statement {}

  /**
   * {@code name = value} in {@code train}, and directly in {@code data} ({@code split = ...}); its
   * name may be one of the declaring words ({@code loss}, {@code optimizer}).
   */
  record Setting(Optional<Doc> doc, Name name, Expr value, Span span) implements Statement {}

  /**
   * {@code if condition { } else { }}; {@code else if} is an else block that holds one {@code If}.
   */
  record If(Expr condition, Block then, Optional<Block> otherwise, Span span)
      implements Statement {}

  // ---------------------------------------------------------------------------------------------
  // Expressions

  /** A value. */
  sealed interface Expr extends Ast {}

  /** A number without point or exponent. */
  record IntLiteral(long value, String spelling, Span span) implements Expr {}

  /** A number with a point or an exponent. */
  record RealLiteral(double value, String spelling, Span span) implements Expr {}

  /** {@code true} or {@code false}. */
  record BoolLiteral(boolean value, Span span) implements Expr {}

  /** A string, escapes resolved. */
  record Text(String value, Span span) implements Expr {}

  /** A name that is read; {@code primed} for {@code w'}. */
  record Ref(Name name, boolean primed, Span span) implements Expr {}

  /** {@code Gate.forget}, {@code valid.loss}, {@code m.Dense}, {@code params.Dense_1}. */
  record Member(Expr object, Name member, Span span) implements Expr {}

  /** {@code f(a, name = b)}; {@code f(c)(x)} is a call of a call. Which list is config: LR-23. */
  record Call(Expr callee, List<Argument> arguments, Span span) implements Expr {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** One argument, by position or by name. */
  record Argument(Optional<Name> name, Expr value, Span span) implements Ast {}

  /**
   * {@code sum[i, r: K | guard](body)}: any call whose name has brackets before its parentheses.
   * Whether the name is a reduction is not known here.
   */
  record Reduction(Name function, List<Binder> binders, Optional<Expr> guard, Expr body, Span span)
      implements Expr {
    public Reduction {
      binders = List.copyOf(binders);
    }
  }

  /** What a reduction runs over. */
  sealed interface Binder extends Ast {}

  /** {@code i} or {@code i: Range}. */
  record IndexBinder(Name index, Optional<Expr> range, Span span) implements Binder {}

  /** {@code ...s}. */
  record RunBinder(Name name, Span span) implements Binder {}

  /** {@code x[t, :, ...s]}. */
  record Access(Expr target, List<Subscript> subscripts, Span span) implements Expr {
    public Access {
      subscripts = List.copyOf(subscripts);
    }
  }

  /** One subscript of a read. */
  sealed interface Subscript extends Ast {}

  /** An index, a position or a value of an index set. */
  record At(Expr value, Span span) implements Subscript {}

  /** {@code :}. */
  record Whole(Span span) implements Subscript {}

  /** {@code ...s}. */
  record Run(Name name, Span span) implements Subscript {}

  /**
   * {@code read ?? outside}. The parser has made sure that the left side is an {@link Access}, or a
   * {@link Reduction} (LR-35), or a hole.
   */
  record Fallback(Expr read, Expr outside, Span span) implements Expr {}

  /** {@code -x} or {@code not x}. */
  record Unary(UnaryOp op, Expr operand, Span span) implements Expr {}

  /** The prefix operators. */
  enum UnaryOp {
    NEGATE("-"),
    NOT("not");

    private final String symbol;

    UnaryOp(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  /** {@code left op right}. */
  record Binary(BinaryOp op, Expr left, Expr right, Span span) implements Expr {}

  /** The infix operators, loosest first. */
  enum BinaryOp {
    OR("or"),
    AND("and"),
    EQ("=="),
    NE("!="),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">="),
    ADD("+"),
    SUB("-"),
    MUL("*"),
    DIV("/"),
    MOD("%"),
    POW("^");

    private final String symbol;

    BinaryOp(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  /** {@code if c then a else b}. */
  record Conditional(Expr condition, Expr then, Expr otherwise, Span span) implements Expr {}

  /** {@code x |> A |> B(1) as name}; at least one stage. */
  record Pipe(Expr input, List<Stage> stages, Span span) implements Expr {
    public Pipe {
      stages = List.copyOf(stages);
    }
  }

  /**
   * One stage of a pipe.
   *
   * @param function a {@link Ref}, a {@link Member}, a {@link Call}, or a hole; the lists of the
   *     call are config (LR-23)
   * @param alias the name that {@code as} pins
   */
  record Stage(Expr function, Optional<Name> alias, Span span) implements Ast {}

  /** {@code value as name} outside a pipe's stages: a metric's name (LR-50). */
  record Named(Expr value, Name name, Span span) implements Expr {}

  /** {@code [a, b]}. */
  record ListOf(List<Expr> items, Span span) implements Expr {
    public ListOf {
      items = List.copyOf(items);
    }
  }

  /** {@code from .. to}. */
  record Range(Expr from, Expr to, Span span) implements Expr {}
}
