package dev.nnlang.compiler.induction;

/** From which copy to which something reaches, by their places; none where nothing is said. */
record Places(int first, int last) {
  static final Places NONE = new Places(Integer.MAX_VALUE, -1);

  static Places of(Numbered text) {
    var places = NONE;
    for (int place : text.places()) {
      places = places.and(new Places(place, place));
    }
    return places;
  }

  boolean isNone() {
    return last < 0;
  }

  Places and(Places other) {
    return new Places(Math.min(first, other.first), Math.max(last, other.last));
  }
}
