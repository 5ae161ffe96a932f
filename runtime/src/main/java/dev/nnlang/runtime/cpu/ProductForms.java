package dev.nnlang.runtime.cpu;

/** Who chooses how products are computed. */
public interface ProductForms {
  /**
   * The form of a product; one that does not fit the shape is replaced by {@link ProductCost}'s.
   */
  ProductForm of(ProductShape shape);
}
