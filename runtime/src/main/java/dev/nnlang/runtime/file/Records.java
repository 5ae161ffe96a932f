package dev.nnlang.runtime.file;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Values made of public records of this module, as bytes and back: of records, enums, lists, sets,
 * maps, options, texts, numbers, and arrays of bytes and ints.
 *
 * <p>For files that this very version of the program wrote, and that may be thrown away at any
 * time: components are in their order, without names. Whatever is damaged is refused by a sum over
 * all bytes. Nothing but records and enums of this module is ever made.
 */
public final class Records {
  private static final int MAGIC = 0x6e6e7231;
  private static final String OURS = "dev.nnlang.runtime.";

  private enum Tag {
    TEXT,
    LONG,
    INT,
    DOUBLE,
    TRUTH,
    BYTES,
    INTS,
    LIST,
    MAP,
    SOME,
    NONE,
    SOME_INT,
    NO_INT,
    ENUM,
    RECORD,
    SET
  }

  private static final Tag[] TAGS = Tag.values();

  private Records() {}

  /** The bytes do not hold what was asked for. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }

    Unreadable(Exception cause) {
      super(cause);
    }
  }

  /** A record as bytes. */
  public static byte[] write(Record value) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      new Writer(out).write(value);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    var content = bytes.toByteArray();
    return ByteBuffer.allocate(2 * Integer.BYTES + content.length)
        .putInt(MAGIC)
        .putInt(sum(content, 0))
        .put(content)
        .array();
  }

  /** The record that these bytes were written from. */
  public static <T extends Record> T read(byte[] bytes, Class<T> type) throws Unreadable {
    var in = ByteBuffer.wrap(bytes);
    try {
      if (in.getInt() != MAGIC || in.getInt() != sum(bytes, in.position())) {
        throw new Unreadable("the bytes are damaged");
      }
      return type.cast(new Reader(in).read());
    } catch (ReflectiveOperationException | BufferUnderflowException | ClassCastException e) {
      throw new Unreadable(e);
    }
  }

  private static int sum(byte[] bytes, int from) {
    var sum = new CRC32C();
    sum.update(bytes, from, bytes.length - from);
    return (int) sum.getValue();
  }

  private static final class Writer {
    private final DataOutputStream out;
    private final Map<String, Integer> names = new HashMap<>();

    Writer(DataOutputStream out) {
      this.out = out;
    }

    void write(Object value) throws IOException {
      switch (value) {
        case String text -> {
          tag(Tag.TEXT);
          text(text);
        }
        case Long number -> {
          tag(Tag.LONG);
          out.writeLong(number);
        }
        case Integer number -> {
          tag(Tag.INT);
          out.writeInt(number);
        }
        case Double number -> {
          tag(Tag.DOUBLE);
          out.writeDouble(number);
        }
        case Boolean truth -> {
          tag(Tag.TRUTH);
          out.writeBoolean(truth);
        }
        case byte[] bytes -> {
          tag(Tag.BYTES);
          out.writeInt(bytes.length);
          out.write(bytes);
        }
        case int[] numbers -> {
          tag(Tag.INTS);
          out.writeInt(numbers.length);
          for (int number : numbers) {
            out.writeInt(number);
          }
        }
        case List<?> list -> {
          tag(Tag.LIST);
          out.writeInt(list.size());
          for (var element : list) {
            write(element);
          }
        }
        case Set<?> set -> {
          tag(Tag.SET);
          out.writeInt(set.size());
          for (var element : set) {
            write(element);
          }
        }
        case Map<?, ?> map -> {
          tag(Tag.MAP);
          out.writeInt(map.size());
          for (var entry : map.entrySet()) {
            write(entry.getKey());
            write(entry.getValue());
          }
        }
        case Optional<?> option -> {
          tag(option.isPresent() ? Tag.SOME : Tag.NONE);
          if (option.isPresent()) {
            write(option.get());
          }
        }
        case OptionalInt option -> {
          tag(option.isPresent() ? Tag.SOME_INT : Tag.NO_INT);
          if (option.isPresent()) {
            out.writeInt(option.getAsInt());
          }
        }
        case Enum<?> constant -> {
          tag(Tag.ENUM);
          name(constant.getDeclaringClass());
          text(constant.name());
        }
        case Record made -> {
          tag(Tag.RECORD);
          name(made.getClass());
          for (var component : made.getClass().getRecordComponents()) {
            write(component(made, component));
          }
        }
        default -> throw new IllegalArgumentException("no record: " + value.getClass());
      }
    }

    private void tag(Tag tag) throws IOException {
      out.writeByte(tag.ordinal());
    }

    private void text(String text) throws IOException {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }

    /** In full where a class comes first, then by its number. */
    private void name(Class<?> type) throws IOException {
      var known = names.putIfAbsent(type.getName(), names.size());
      out.writeInt(known == null ? -1 : known);
      if (known == null) {
        text(type.getName());
      }
    }

    private static Object component(Record made, RecordComponent component) {
      try {
        return component.getAccessor().invoke(made);
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("no public record: " + made.getClass(), e);
      }
    }
  }

  private static final class Reader {
    private final ByteBuffer in;
    private final List<Class<?>> types = new ArrayList<>();
    private final Map<Class<?>, Maker> makers = new HashMap<>();

    /** How a record is made. */
    private record Maker(java.lang.reflect.Constructor<?> constructor, int count) {}

    Reader(ByteBuffer in) {
      this.in = in;
    }

    Object read() throws ReflectiveOperationException, Unreadable {
      int tag = in.get();
      if (tag < 0 || tag >= TAGS.length) {
        throw new Unreadable("no such tag: " + tag);
      }
      return switch (TAGS[tag]) {
        case TEXT -> text();
        case LONG -> in.getLong();
        case INT -> in.getInt();
        case DOUBLE -> in.getDouble();
        case TRUTH -> in.get() != 0;
        case BYTES -> bytes();
        case INTS -> {
          var numbers = new int[count()];
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.getInt();
          }
          yield numbers;
        }
        case LIST -> {
          var list = new Object[count()];
          for (int i = 0; i < list.length; i++) {
            list[i] = read();
          }
          yield List.of(list);
        }
        case SET -> {
          var set = new LinkedHashSet<>();
          for (int left = count(); left > 0; left--) {
            set.add(read());
          }
          yield set;
        }
        case MAP -> {
          var map = new LinkedHashMap<>();
          for (int left = count(); left > 0; left--) {
            map.put(read(), read());
          }
          yield map;
        }
        case SOME -> Optional.of(read());
        case NONE -> Optional.empty();
        case SOME_INT -> OptionalInt.of(in.getInt());
        case NO_INT -> OptionalInt.empty();
        case ENUM -> constant(type(), text());
        case RECORD -> {
          var maker = maker(type());
          var values = new Object[maker.count];
          for (int i = 0; i < values.length; i++) {
            values[i] = read();
          }
          yield maker.constructor.newInstance(values);
        }
      };
    }

    private Maker maker(Class<?> type) throws ReflectiveOperationException, Unreadable {
      var known = makers.get(type);
      if (known != null) {
        return known;
      }
      if (!type.isRecord()) {
        throw new Unreadable("no record: " + type);
      }
      var components =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      var maker = new Maker(type.getDeclaredConstructor(components), components.length);
      makers.put(type, maker);
      return maker;
    }

    private static Object constant(Class<?> type, String name) throws Unreadable {
      if (type.isEnum()) {
        for (var constant : type.getEnumConstants()) {
          if (((Enum<?>) constant).name().equals(name)) {
            return constant;
          }
        }
      }
      throw new Unreadable("no " + name + " in " + type);
    }

    private Class<?> type() throws ReflectiveOperationException, Unreadable {
      int number = in.getInt();
      if (number >= types.size()) {
        throw new Unreadable("no such type: " + number);
      }
      if (number >= 0) {
        return types.get(number);
      }
      var name = text();
      if (!name.startsWith(OURS)) {
        throw new Unreadable("not ours: " + name);
      }
      var type = Class.forName(name, false, Records.class.getClassLoader());
      types.add(type);
      return type;
    }

    private int count() throws Unreadable {
      int count = in.getInt();
      // Each element takes a byte at least: nothing is reserved that cannot follow.
      if (count < 0 || count > in.remaining()) {
        throw new Unreadable("no such count: " + count);
      }
      return count;
    }

    private byte[] bytes() throws Unreadable {
      var bytes = new byte[count()];
      in.get(bytes);
      return bytes;
    }

    private String text() throws Unreadable {
      return new String(bytes(), StandardCharsets.UTF_8);
    }
  }
}
