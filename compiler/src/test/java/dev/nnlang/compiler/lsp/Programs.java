package dev.nnlang.compiler.lsp;

/** Programs to edit: of any length, with something of everything. */
final class Programs {
  private static final String HEAD =
      """
      dim Digit = 10

      data Digits {
          source table[N, 65] = csv("digits.csv")
          sample n -> image[8, 8], label: index Digit {
              image[r, c] = table[n, 8*r + c] / 16
              label       = table[n, 64]
          }
          split = shuffled(train = 0.8, valid = 0.1, test = 0.1)
      }
      """;

  private static final String PART =
      """

      /// Attention, a recurrence and a chain of layers, number #.
      layer Mixer#(Heads: dim) : x[T, D] -> y[T, D] where D % Heads == 0 : "no multiple" {
          dim E = D / Heads
          param wq[D, Heads, E] ~ normal(0, 0.02)
          param wk[D, Heads, E] ~ normal(0, 0.02)
          q[t, h, e] = sum[d](x[t, d] * wq[d, h, e])
          k[t, h, e] = sum[d](x[t, d] * wk[d, h, e])
          a[h, t, s: T] = if s <= t then sum[e](q[t, h, e] * k[s, h, e]) / sqrt(E) else -inf
          p[h, t, :] = softmax(a[h, t, :])
          y[t, d] = sum[s](p[0, t, s] * x[s, d])
      }

      fn trail# : x[T, D] -> y[T, D] {
          y[t, d] = 0.9 * (y[t - 1, d] ?? 0) + 0.1 * x[t, d]
      }

      model Net# : image[8, 8] -> p[Digit] {
          m = image |> Mixer#(2) |> trail#
          h = m |> flatten |> Dense(64) |> relu |> Dropout(0.1)
          p = h |> Dense(Digit) |> softmax
      }

      train Plan# : Net# on Digits {
          loss      = sparse_categorical_cross_entropy(p, label)
          metrics   = [accuracy(p, label)]
          optimizer = Adam()
          epochs    = 3
      }
      """;

  private Programs() {}

  /** A correct program of at least so many lines. */
  static String ofLines(int lines) {
    var text = new StringBuilder(HEAD);
    for (int i = 1; text.toString().lines().count() < lines; i++) {
      text.append(PART.replace("#", Integer.toString(i)));
    }
    return text.toString();
  }
}
