package dev.nnlang.compiler;

/** Small networks on the digits of the examples, as programs. */
final class DigitPlans {
  private DigitPlans() {}

  /**
   * A program that trains a network.
   *
   * @param model what comes of {@code image[8, 8]}, or of the same as {@code img[8, 8, 1]}
   */
  static String program(String model, String optimizer) {
    return """
    dim Digit = 10
    model Small : image[8, 8] -> p[Digit] {
        img[r: 8, c: 8, k: 1] = image[r, c]
        p = %s
    }
    data UciDigits {
        source table[N, 65] = csv("data/digits.csv.gz")
        sample n -> image[8, 8], label: index Digit {
            image[r, c] = table[n, 8*r + c] / 16
            label       = table[n, 64]
        }
        split = shuffled(train = 0.8, valid = 0.1, test = 0.1)
    }
    train Plan : Small on UciDigits {
        loss      = sparse_categorical_cross_entropy(p, label)
        metrics   = [accuracy(p, label)]
        optimizer = %s
        batch     = 50
        epochs    = 2
        clip      = norm(1.0)
    }
    """
        .formatted(model, optimizer);
  }
}
