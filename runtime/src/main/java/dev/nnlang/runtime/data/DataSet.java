package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The opened sources of a plan: read wholly, checked, their dimensions known. Immutable but for the
 * tensors' arrays, which programs only read.
 */
public final class DataSet {
  private final DataPlan plan;
  private final Map<String, SourceData> sources;
  private final Map<String, Long> dims;

  DataSet(DataPlan plan, Map<String, SourceData> sources, Map<String, Long> dims) {
    this.plan = plan;
    this.sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    this.dims = Map.copyOf(dims);
  }

  /**
   * Reads all sources of the plan.
   *
   * @param real how reals are stored: {@code F32} or {@code F64}
   */
  public static DataSet open(DataPlan plan, DataFolders folders, ElementType real)
      throws ProblemException {
    return open(plan, folders, real, Map.of());
  }

  /**
   * Reads all sources of the plan.
   *
   * @param vocabularies by source, of an earlier run
   */
  public static DataSet open(
      DataPlan plan, DataFolders folders, ElementType real, Map<String, List<String>> vocabularies)
      throws ProblemException {
    var sources = new LinkedHashMap<String, SourceData>();
    var sizes = new SourceSizes();
    for (var source : plan.sources()) {
      var vocabulary = vocabularies.getOrDefault(source.name(), List.of());
      var storage = Elements.storage(source.element(), real);
      var data =
          Readers.named(source).read(new SourceRequest(source, folders, storage, vocabulary));
      SourceChecks.elements(source, data, storage);
      sizes.bind(source, data.tensor().shape());
      sources.put(source.name(), data);
    }
    sizes.check();
    for (var source : plan.sources()) {
      SourceChecks.indices(source, sources.get(source.name()), sizes.dims());
    }
    return new DataSet(plan, sources, sizes.dims());
  }

  public DataPlan plan() {
    return plan;
  }

  /** The size of each source dimension. */
  public Map<String, Long> dims() {
    return dims;
  }

  public boolean has(String source) {
    return sources.containsKey(source);
  }

  public Tensor tensor(String source) {
    return source(source).tensor();
  }

  /** Where an element of a source stood in its file. */
  public Place place(String source, int position) {
    return source(source).places().of(position);
  }

  /** How readers numbered words, by source; only those that did. */
  public Map<String, List<String>> vocabularies() {
    var result = new LinkedHashMap<String, List<String>>();
    sources.forEach(
        (name, data) -> {
          if (!data.vocabulary().isEmpty()) {
            result.put(name, data.vocabulary());
          }
        });
    return result;
  }

  /** All values of the sample index. */
  public Examples examples() throws ProblemException {
    return Examples.of(plan.range(), dims);
  }

  /**
   * The values of the sample index by other bounds than the plan's; bounds over dimensions of
   * sources that were not opened do not count.
   */
  public Examples examples(SampleRange range) throws ProblemException {
    return Examples.of(
        new SampleRange(range.index(), known(range.from()), known(range.to())), dims);
  }

  private List<Extent> known(List<Extent> bounds) {
    var known = bounds.stream().filter(this::isKnown).toList();
    return known.isEmpty() ? bounds : known;
  }

  private boolean isKnown(Extent extent) {
    return switch (extent) {
      case Extent.Number _ -> true;
      case Extent.Dim(var name) -> dims.containsKey(name);
      case Extent.Sum(var terms) -> terms.stream().allMatch(this::isKnown);
      case Extent.Product(var factors) -> factors.stream().allMatch(this::isKnown);
      case Extent.Quotient(var a, var b) -> isKnown(a) && isKnown(b);
      case Extent.Remainder(var a, var b) -> isKnown(a) && isKnown(b);
    };
  }

  /** The examples of each part. */
  public Parts parts() throws ProblemException {
    return Parts.of(plan, examples(), dims);
  }

  private SourceData source(String name) {
    var source = sources.get(name);
    if (source == null) {
      throw new NoSuchElementException("no source " + name);
    }
    return source;
  }
}
