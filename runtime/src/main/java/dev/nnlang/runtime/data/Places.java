package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;

/** Where each element of a source stood; asked only when something is wrong. */
public interface Places {
  /**
   * The place of an element.
   *
   * @param position row-major
   */
  Place of(int position);

  /** For formats without lines: the file as a whole. */
  static Places file(DataFile file) {
    var place = Place.file(file.path().toString());
    return _ -> place;
  }
}
