package dev.nnlang.compiler.semantics.names;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/** Strongly connected components (Tarjan 1972), without recursion, and rings inside them. */
public final class Components {
  private Components() {}

  /** Groups of nodes that reach each other; every node is in one group. */
  public static List<List<Integer>> of(int count, IntFunction<List<Integer>> successors) {
    var groups = new ArrayList<List<Integer>>();
    int[] order = new int[count];
    int[] low = new int[count];
    boolean[] onStack = new boolean[count];
    var stack = new ArrayDeque<Integer>();
    int next = 1;
    for (int root = 0; root < count; root++) {
      if (order[root] != 0) {
        continue;
      }
      var work = new ArrayDeque<int[]>();
      work.push(new int[] {root, 0});
      while (!work.isEmpty()) {
        var top = work.peek();
        int node = top[0];
        if (top[1] == 0) {
          order[node] = low[node] = next++;
          stack.push(node);
          onStack[node] = true;
        }
        var out = successors.apply(node);
        if (top[1] < out.size()) {
          int to = out.get(top[1]++);
          if (order[to] == 0) {
            work.push(new int[] {to, 0});
          } else if (onStack[to]) {
            low[node] = Math.min(low[node], order[to]);
          }
          continue;
        }
        work.pop();
        if (!work.isEmpty()) {
          int parent = work.peek()[0];
          low[parent] = Math.min(low[parent], low[node]);
        }
        if (low[node] == order[node]) {
          var group = new ArrayList<Integer>();
          int member;
          do {
            member = stack.pop();
            onStack[member] = false;
            group.add(member);
          } while (member != node);
          groups.add(group);
        }
      }
    }
    return groups;
  }

  /** Whether edges form no ring. */
  public static <E> boolean acyclic(
      int count, List<E> edges, ToIntFunction<E> from, ToIntFunction<E> to) {
    if (edges.stream().anyMatch(e -> from.applyAsInt(e) == to.applyAsInt(e))) {
      return false;
    }
    var out = new HashMap<Integer, List<Integer>>();
    edges.forEach(
        e -> out.computeIfAbsent(from.applyAsInt(e), k -> new ArrayList<>()).add(to.applyAsInt(e)));
    return of(count, i -> out.getOrDefault(i, List.of())).stream().allMatch(g -> g.size() == 1);
  }

  /** Some ring of edges, of which there is one. */
  public static <E> List<E> ring(List<E> edges, ToIntFunction<E> from, ToIntFunction<E> to) {
    for (var e : edges) {
      if (from.applyAsInt(e) == to.applyAsInt(e)) {
        return List.of(e);
      }
    }
    var path = new ArrayList<E>();
    var seen = new HashSet<Integer>();
    int at = from.applyAsInt(edges.getFirst());
    while (seen.add(at)) {
      int here = at;
      var next = edges.stream().filter(e -> from.applyAsInt(e) == here).findFirst();
      if (next.isEmpty()) {
        return List.of(edges.getFirst());
      }
      path.add(next.get());
      at = to.applyAsInt(next.get());
    }
    int end = at;
    int start = 0;
    while (from.applyAsInt(path.get(start)) != end) {
      start++;
    }
    return List.copyOf(path.subList(start, path.size()));
  }
}
