package dev.nnlang.bench.torch;

import static dev.nnlang.bench.torch.TorchNetwork.then;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** {@code gpt.nn}; queries, keys and values by one product, attention by the fused kernel. */
final class TorchGpt implements TorchNetwork {
  private static final int BLOCKS = 4;
  private static final int HEADS = 4;
  private static final double EPS = 1e-5;

  private record Norm(TensorOptional gamma, TensorOptional beta, long[] width) {
    static Norm of(TorchWeights weights, String path) {
      var gamma = weights.vector(path + "/gamma");
      return new Norm(
          TorchWeights.some(gamma),
          TorchWeights.some(weights.vector(path + "/beta")),
          new long[] {gamma.size(0)});
    }

    Tensor apply(Tensor x) {
      return torch.layer_norm(x, width, gamma, beta, EPS, true);
    }
  }

  private record Block(
      Norm first, Tensor qkv, Tensor out, Norm second, TorchDense up, TorchDense down) {
    static Block of(TorchWeights weights, String path) {
      var attention = path + "/SelfAttention_1";
      return new Block(
          Norm.of(weights, path + "/LayerNorm_1"),
          weights.heads(attention + "/wq", attention + "/wk", attention + "/wv"),
          weights.headsOut(attention + "/wo"),
          Norm.of(weights, path + "/LayerNorm_2"),
          TorchDense.of(weights, path + "/Dense_1"),
          TorchDense.of(weights, path + "/Dense_2"));
    }

    /** Releases {@code x}. */
    Tensor apply(Tensor x) {
      Tensor u;
      try (var normed = first.apply(x);
          var attended = attend(normed)) {
        u = then(x, torch.add(x, attended));
      }
      var y = second.apply(u);
      y = then(y, up.apply(y));
      y = then(y, torch.gelu(y));
      y = then(y, down.apply(y));
      y = then(y, torch.add(u, y));
      u.close();
      return y;
    }

    private Tensor attend(Tensor x) {
      long batch = x.size(0);
      long time = x.size(1);
      long width = x.size(2);
      var all = torch.linear(x, qkv);
      all = then(all, all.view(batch, time, 3, HEADS, width / HEADS));
      all = then(all, all.permute(2, 0, 3, 1, 4));
      try (var q = all.select(0, 0);
          var k = all.select(0, 1);
          var v = all.select(0, 2);
          var mask = new TensorOptional();
          var scale = new DoubleOptional()) {
        var y = torch.scaled_dot_product_attention(q, k, v, mask, 0, true, scale, false);
        y = then(y, y.transpose(1, 2));
        y = then(y, y.reshape(batch, time, width));
        return then(y, torch.linear(y, out));
      } finally {
        all.close();
      }
    }
  }

  private final Tensor token;
  private final Tensor place;
  private final List<Block> blocks = new ArrayList<>();
  private final Norm last;

  TorchGpt(TorchWeights weights) {
    token = weights.vector("token");
    place = weights.vector("place");
    for (int block = 0; block < BLOCKS; block++) {
      blocks.add(Block.of(weights, "Block_1/" + block));
    }
    last = Norm.of(weights, "LayerNorm_1");
  }

  @Override
  public Tensor input(dev.nnlang.runtime.tensor.Tensor ours) {
    return TorchTensors.of(ours);
  }

  @Override
  public Tensor forward(Tensor input, boolean training) {
    var x = torch.embedding(token, input);
    x = then(x, torch.add(x, place));
    for (var block : blocks) {
      x = block.apply(x);
    }
    x = then(x, last.apply(x));
    return then(x, torch.linear(x, token));
  }
}
