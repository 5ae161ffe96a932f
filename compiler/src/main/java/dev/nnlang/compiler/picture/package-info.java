/**
 * A network as people look at it: what its lines cost, the whole of it drawn, and how its training
 * went.
 *
 * <p>In: typed bodies. Out: shapes and costs in words ({@code Shapes}, {@code Costs}), and a
 * picture of a declaration as SVG ({@code Picture}); the lines about kernels are asked of {@code
 * Kernels}. In: figures of a run. Out: their curves as SVG ({@code Chart}). Both are drawn on a
 * {@code Canvas}.
 *
 * <p>A picture is made in three steps, each a value: {@code Graph} says what there is to draw and
 * what feeds what, {@code Layout} where it stands, {@code GraphSvg} how it looks. The layout is
 * layered (Sugiyama, Tagawa and Toda 1981): ranks by the longest path, order by barycenters, then
 * places near the neighbours. Networks are chains with a few bridges, so little of the method is
 * needed; the library that has all of it, the Eclipse Layout Kernel, brings 9 MB of EMF and Guava
 * along, and 0.7 s before its first line.
 *
 * <p>Always holds: the same body gives the same picture, letter for letter; nothing overlaps.
 */
package dev.nnlang.compiler.picture;
