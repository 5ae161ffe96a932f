package dev.nnlang.compiler.oracle;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The library's layers on the reference's tensors: images come with channels first and are turned
 * round, weights come with outputs first and are fed as the layer has them.
 */
final class LayerScripts {
  private static final List<String> PLACES = List.of("d", "h", "v");

  private final OracleSet.Case each;
  private final Map<String, Object> attributes;

  private LayerScripts(OracleSet.Case each) {
    this.each = each;
    this.attributes = each.attributes();
  }

  static Optional<String> of(OracleSet.Case each) {
    return Optional.ofNullable(new LayerScripts(each).script());
  }

  private String script() {
    var op = each.op();
    return switch (op) {
      case "dense" ->
          feed("Dense_1/w", "weight", "o i -> i o")
              + bias("Dense_1/b")
              + mapped("Dense(%s, bias = %s)".formatted(attribute("units"), attribute("bias")));
      case "conv1d", "conv2d", "conv3d" -> convolution(maker(op), "o i", "");
      case "conv_transpose1d", "conv_transpose2d", "conv_transpose3d" ->
          convolution(
              "Conv" + op.charAt(14) + "dTranspose",
              "i o",
              ", output_padding = " + list("output_padding"));
      case "max_pool1d", "max_pool2d", "max_pool3d" -> image(pool("MaxPool", op, ""));
      case "avg_pool1d", "avg_pool2d", "avg_pool3d" ->
          image(pool("AvgPool", op, ", count_padding = " + attribute("count_include_pad")));
      case "global_avg_pool1d", "global_avg_pool2d", "global_avg_pool3d" ->
          image("GlobalAvgPool" + op.substring(15));
      case "global_max_pool1d", "global_max_pool2d", "global_max_pool3d" ->
          image("GlobalMaxPool" + op.substring(15));
      case "adaptive_avg_pool2d" -> image("AdaptiveAvgPool2d(%s)".formatted(attribute("output")));
      case "batch_norm" -> batchNorm();
      case "layer_norm" -> layerNorm();
      case "rms_norm" ->
          feed("RMSNorm_1/gamma", "weight")
              + mapped("RMSNorm(eps = %s)".formatted(attribute("eps")));
      case "group_norm" ->
          affine("GroupNorm_1")
              + image("GroupNorm(%s, eps = %s)".formatted(attribute("groups"), attribute("eps")));
      case "instance_norm" ->
          affine("InstanceNorm_1") + image("InstanceNorm(eps = %s)".formatted(attribute("eps")));
      case "local_response_norm" ->
          image(
              "local_response_norm(size = %s, alpha = %s, beta = %s, k = %s)"
                  .formatted(
                      attribute("size"), attribute("alpha"), attribute("beta"), attribute("k")));
      case "embedding" -> embedding();
      case "dropout" ->
          each.file().containsKey("const.mask")
              ? "layer Subject : x%1$s, mask%1$s -> y%1$s {\n    y = x * mask / (1 - %2$s)\n}\n"
                  .formatted(example("in.x"), attribute("p"))
              : mapped("Dropout(%s)".formatted(attribute("p")));
      case "upsample_nearest2d" -> image("Upsample2d(%s)".formatted(attribute("scale")));
      case "upsample_bilinear2d" ->
          image("Upsample2d(%s, bilinear = true)".formatted(attribute("scale")));
      case "pixel_shuffle" -> image("pixel_shuffle(%s)".formatted(attribute("r")));
      case "pad2d" -> {
        var pad = (List<?>) attributes.get("pad_lrtb");
        yield image(
            "pad2d(top = %s, bottom = %s, left = %s, right = %s, value = %s)"
                .formatted(pad.get(2), pad.get(3), pad.get(0), pad.get(1), attribute("value")));
      }
      case "flatten" -> mapped("flatten");
      case "bilinear" ->
          feed("Bilinear_1/w", "weight", "o i j -> i j o")
              + feed("Bilinear_1/c", "bias")
              + "layer Subject : a%s, b%s -> y%s {\n    y = Bilinear(%d)(a, b)\n}\n"
                  .formatted(example("in.a"), example("in.b"), example("out.y"), shape("out.y")[1]);
      case "rnn", "lstm", "gru" -> recurrent(op.toUpperCase(java.util.Locale.ROOT));
      case "gru_reset_before" ->
          feed("GRU_1/wx", "weight_ih", "(g=3 u) i -> i g u")
              + feed("GRU_1/wh", "weight_hh", "(g=3 u) k -> k g u")
              + feed("GRU_1/b", "bias", "(g=3 u) -> g u")
              + """
              layer Subject : x%s, h0%s -> y%s, h_n%s {
                  y, h_n = GRU(%s, reset_after = false)(x, h0)
              }
              """
                  .formatted(
                      example("in.x"),
                      example("in.h0"),
                      example("out.y"),
                      example("out.h_n"),
                      attribute("hidden"));
      case "attention" ->
          "layer Subject : q%s, k%s, v%s -> y%s {\n    y = attention(causal = %s)(q, k, v)\n}\n"
              .formatted(
                  example("in.q"),
                  example("in.k"),
                  example("in.v"),
                  example("out.y"),
                  attribute("causal"));
      case "multi_head_attention" -> multiHead();
      case "sinusoidal_positions" ->
          mapped("sinusoidal_positions(base = %s.0)".formatted(attribute("base")));
      default -> null;
    };
  }

  // Parts of programs.

  private String feed(String path, String source) {
    return each.file().containsKey("param." + source) || source.startsWith("running")
        ? "// %s <- %s\n".formatted(path, source)
        : "";
  }

  private String feed(String path, String source, String pattern) {
    return each.file().containsKey("param." + source.replaceFirst("\\[.*", ""))
        ? "// %s <- %s : %s\n".formatted(path, source, pattern)
        : "";
  }

  private String bias(String path) {
    return feed(path, "bias");
  }

  private String affine(String layer) {
    return feed(layer + "/gamma", "weight") + feed(layer + "/beta", "bias");
  }

  /** A layer on an example as it is. */
  private String mapped(String layer) {
    return "layer Subject : x%s -> y%s {\n    y = x |> %s\n}\n"
        .formatted(example("in.x"), example("out.y"), layer);
  }

  /** A layer on an example with its channels last. */
  private String image(String layer) {
    int rank = shape("in.x").length - 2;
    int left = shape("out.y").length - 2;
    var in = String.join(", ", PLACES.subList(3 - rank, 3));
    var out = String.join(", ", PLACES.subList(3 - left, 3));
    var turned =
        left == 0
            ? "    y = image |> %s\n".formatted(layer)
            : "    out = image |> %s\n    y[c, %s] = out[%s, c]\n".formatted(layer, out, out);
    return "layer Subject : x%s -> y%s {\n    image[%s, c] = x[c, %s]\n%s}\n"
        .formatted(example("in.x"), example("out.y"), in, in, turned);
  }

  private static String maker(String op) {
    return Character.toUpperCase(op.charAt(0)) + op.substring(1);
  }

  private String convolution(String maker, String front, String more) {
    int rank = shape("in.x").length - 2;
    var kernel = IntStream.range(0, rank).mapToObj(k -> "k" + k).collect(Collectors.joining(" "));
    return feed(maker + "_1/w", "weight", front + " " + kernel + " -> " + kernel + " i o")
        + bias(maker + "_1/b")
        + image(
            "%s(%s, Kernel = %s, stride = %s, padding = %s, dilation = %s%s%s, bias = %s)"
                .formatted(
                    maker,
                    attribute("out_channels"),
                    list("kernel"),
                    list("stride"),
                    list("padding"),
                    list("dilation"),
                    maker.equals("Conv3dTranspose") ? "" : ", groups = " + attribute("groups"),
                    more,
                    attribute("bias")));
  }

  private String pool(String kind, String op, String more) {
    return "%s%s(%s, stride = %s, padding = %s, ceil_mode = %s%s)"
        .formatted(
            kind,
            op.substring(op.length() - 2),
            list("kernel"),
            list("stride"),
            list("padding"),
            attribute("ceil_mode"),
            more);
  }

  private String batchNorm() {
    var layer =
        "BatchNorm(momentum = %s, eps = %s, affine = %s)"
            .formatted(attribute("momentum"), attribute("eps"), attribute("affine"));
    return (Boolean.TRUE.equals(attributes.get("training")) ? "// training\n" : "")
        + affine("BatchNorm_1")
        + feed("BatchNorm_1/running_mean", "running_mean")
        + feed("BatchNorm_1/running_variance", "running_var")
        + (shape("in.x").length == 2 ? mapped(layer) : image(layer));
  }

  private String layerNorm() {
    var layer = "LayerNorm(eps = %s, affine = %s)".formatted(attribute("eps"), attribute("affine"));
    int normalised = ((List<?>) attributes.get("normalized_shape")).size();
    return normalised == 1
        ? affine("LayerNorm_1") + mapped(layer)
        : feed("LayerNorm_1/gamma", "weight", "c h v -> (c h v)")
            + feed("LayerNorm_1/beta", "bias", "c h v -> (c h v)")
            + "layer Subject : x%s -> y%s {\n    y = x |> flatten |> %s |> reshape\n}\n"
                .formatted(example("in.x"), example("out.y"), layer);
  }

  private String embedding() {
    return """
        dim Word = %s
        // Embedding_1/table <- weight
        layer Subject : index%s: index Word -> y%s {
            y = index |> Embedding(Word, %s)
        }
        """
        .formatted(
            attribute("num_embeddings"), example("in.index"), example("out.y"), attribute("dim"));
  }

  // Recurrent layers.

  private String recurrent(String cell) {
    boolean both = Boolean.TRUE.equals(attributes.get("bidirectional"));
    boolean stacked = attributes.get("layers").equals(2L);
    var config =
        (cell.equals("RNN") && "relu".equals(attributes.get("activation")) ? ", f = relu" : "")
            + ", bias = "
            + attribute("bias");
    int units = ((Number) attributes.get("hidden")).intValue();
    var feeds =
        both && cell.equals("RNN")
            ? gates(cell, "Bidirectional_1/" + cell + "_1", "l0", units)
                + gates(cell, "Bidirectional_1/" + cell + "_2", "l0_reverse", units)
            : gates(cell, cell + "_1", "l0", units)
                + (both ? gates(cell, cell + "_2", "l0_reverse", units) : "")
                + (stacked ? gates(cell, cell + "_2", "l1", units) : "");
    boolean initial = each.file().containsKey("in.h0");
    boolean cells = each.file().containsKey("out.c_n");
    var head =
        "layer Subject : x%s%s -> y%s, h_n%s%s {\n"
            .formatted(
                example("in.x"),
                initial ? ", h0" + statesOf("in.h0") : "",
                example("out.y"),
                statesOf("out.h_n"),
                cells ? ", c_n" + statesOf("out.c_n") : "");
    var make = cell + "(" + units + config + ")";
    return "// view h_n : l b u -> b l u\n// view c_n : l b u -> b l u\n// view h0 : l b u -> b l u\n"
        + feeds
        + head
        + recurrentBody(cell, make, units, both, stacked, initial)
        + "}\n";
  }

  private static String recurrentBody(
      String cell, String make, int units, boolean both, boolean stacked, boolean initial) {
    if (stacked) {
      return """
          z, first = %1$s(x)
          y, second = %1$s(z)
          h_n[l, j] = if l == 0 then first[j] else second[j]
      """
          .formatted(make);
    }
    if (both && cell.equals("LSTM")) {
      return """
          ahead, h, c = %1$s(x)
          turned, hr, cr = %1$s(reverse(x))
          y = concat(ahead, reverse(turned))
          h_n[l, j] = if l == 0 then h[j] else hr[j]
          c_n[l, j] = if l == 0 then c[j] else cr[j]
      """
          .formatted(make);
    }
    if (both) {
      return """
          y, last = Bidirectional(%1$s, %2$d)(x)
          h_n[l, j] = last[l * %2$d + j]
      """
          .formatted(cell, units);
    }
    var given = initial ? "(x, h0[0, :])" : "(x)";
    return cell.equals("LSTM")
        ? """
            y, last, cell = %s%s
            h_n[l, j] = last[j]
            c_n[l, j] = cell[j]
        """
            .formatted(make, given)
        : """
            y, last = %s%s
            h_n[l, j] = last[j]
        """
            .formatted(make, given);
  }

  /** The reference has the gates in the rows of its weights, and two biases, which add up. */
  private String gates(String cell, String path, String layer, int units) {
    int gates = Map.of("RNN", 1, "LSTM", 4, "GRU", 3).get(cell);
    var rows = gates == 1 ? "u" : "(g=" + gates + " u)";
    var columns = gates == 1 ? "u" : "g u";
    var first =
        feed(path + "/wx", "weight_ih_" + layer, rows + " i -> i " + columns)
            + feed(path + "/wh", "weight_hh_" + layer, rows + " k -> k " + columns)
            + feed(path + "/b", "bias_ih_" + layer, rows + " -> " + columns);
    var recurrent = "bias_hh_" + layer;
    return cell.equals("GRU")
        ? first
            + feed(path + "/b[0:2]", recurrent + "[0:" + 2 * units + "]", "(g=2 u) -> g u")
            + feed(path + "/c", recurrent + "[" + 2 * units + ":" + 3 * units + "]", "u -> u")
        : first + feed(path + "/b", recurrent, rows + " -> " + columns);
  }

  private String multiHead() {
    int width = shape("in.x")[2];
    var heads = "(h=" + attribute("heads") + " e)";
    var feeds = new StringBuilder();
    var names = List.of("q", "k", "v");
    for (int i = 0; i < names.size(); i++) {
      var rows = "[" + i * width + ":" + (i + 1) * width + "]";
      feeds
          .append(
              feed(
                  "MultiHeadAttention_1/w" + names.get(i),
                  "in_proj_weight" + rows,
                  heads + " d -> d h e"))
          .append(
              feed(
                  "MultiHeadAttention_1/b" + names.get(i),
                  "in_proj_bias" + rows,
                  heads + " -> h e"));
    }
    return feeds
        + feed("MultiHeadAttention_1/wo", "out_proj_weight", "d " + heads + " -> h e d")
        + feed("MultiHeadAttention_1/bo", "out_proj_bias")
        + mapped(
            "MultiHeadAttention(%s, causal = %s)"
                .formatted(attribute("heads"), attribute("causal")));
  }

  // Attributes and shapes.

  private String attribute(String name) {
    return String.valueOf(attributes.get(name));
  }

  /** One number, or one for each axis. */
  private String list(String name) {
    var values = (List<?>) attributes.get(name);
    return values.size() == 1 ? values.getFirst().toString() : values.toString();
  }

  private int[] shape(String name) {
    return each.file().get(name).shape();
  }

  /** The shape of one example. */
  private String example(String name) {
    var shape = shape(name);
    return shape.length == 1 ? "" : Arrays.toString(Arrays.copyOfRange(shape, 1, shape.length));
  }

  /** The reference has the layers of a stack in front of the batch. */
  private String statesOf(String name) {
    var shape = shape(name);
    return "[" + shape[0] + ", " + shape[2] + "]";
  }
}
