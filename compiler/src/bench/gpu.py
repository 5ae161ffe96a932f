"""PyTorch beside ours on one card: the networks of bench/nn, eager and compiled; and made-up data for both.

    gpu.py data NETWORK FOLDER      writes the .npy files that bench/nn/NETWORK.nn reads
    gpu.py peak                     what the card reaches: copies, and products in 32 bits, TF32 and bfloat16
    gpu.py ours NETWORK MATH DEVICE our step, from such data; MATH is ieee, tf32 or bf16
    gpu.py time NETWORK MATH        PyTorch's step, eager and through torch.compile

The data and our own step need nothing but Python; without PyTorch the others say so, and end with status 3.
"""
import array
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Batch, then shapes of one example: what comes in, how many values a label has, and whether there is one a step.
NETWORKS = {
    "mlp": (128, [784], 10),
    "lenet": (64, [28, 28, 1], 10),
    "lstm": (32, [50, 64], 10),
    "resnet50": (64, [224, 224, 3], 1000),
    "gpt2": (8, [1024], 50304),
}
STEPS_OF_AN_EPOCH = 10


def npy(path, code, shape, values):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (code, tuple(shape))
    head += " " * (63 - (10 + len(head)) % 64) + "\n"
    with open(path, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode())
        values.tofile(out)


def data(network, folder):
    batch, shape, classes = NETWORKS[network]
    count = batch * STEPS_OF_AN_EPOCH
    rng = random.Random(1)
    size = 1
    for extent in shape:
        size *= extent
    folder = Path(folder)
    if network == "gpt2":
        ids = array.array("q", (rng.randrange(classes) for _ in range(count * size)))
        npy(folder / "texts.npy", "<i8", [count] + shape, ids)
        npy(folder / "labels.npy", "<i8", [count] + shape, ids)
        return
    one = array.array("f", (rng.gauss(0, 1) for _ in range(min(count * size, 1 << 20))))
    values = one * (count * size // len(one) + 1)
    npy(folder / {"lstm": "series.npy"}.get(network, "pictures.npy"), "<f4", [count] + shape, values[: count * size])
    npy(folder / "labels.npy", "<i8", [count], array.array("q", (rng.randrange(classes) for _ in range(count))))


def said(who, network, math, seconds):
    batch, shape, _ = NETWORKS[network]
    each, what = (shape[0], "tokens") if network == "gpt2" else (1, "examples")
    print("%s %s %s: %.3f ms a step, %.0f %s a second" % (
        network, math, who, 1e3 * seconds, batch * each / seconds, what), flush=True)


def ours(network, math, device):
    """From the end of the first epoch, in which kernels are built, to that of the last."""
    bench = Path(__file__).resolve().parent
    with tempfile.TemporaryDirectory() as folder:
        data(network, folder)
        shutil.copy(bench / "nn" / (network + ".nn"), folder)
        command = [os.environ.get("NN", str(bench.parents[2] / "nn")), "train", folder + "/" + network + ".nn", "--json", "--out", folder + "/run"]
        command += ["--epochs", "4", "--device", device] + (["--math", math] if device != "cpu" else [])
        ends = []
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for line in running.stdout:
            event = json.loads(line)
            if event.get("event") == "epoch":
                ends.append(time.perf_counter())
        if running.wait() or len(ends) < 4:
            print("%s %s ours: FAILED" % (network, math))
            sys.exit(1)
        said("ours on " + device, network, math, (ends[3] - ends[0]) / (3 * STEPS_OF_AN_EPOCH))


def import_torch():
    try:
        import torch
    except ImportError:
        print("PyTorch: SKIPPED, this Python has none")
        sys.exit(3)
    if not torch.cuda.is_available():
        print("PyTorch %s: SKIPPED, it finds no card" % torch.__version__)
        sys.exit(3)
    return torch


def best(torch, work, least=0.5):
    """Seconds of one call: the best of three rounds of at least so many seconds."""
    work()
    torch.cuda.synchronize()
    rounds = []
    for _ in range(3):
        begin, calls = time.perf_counter(), 0
        while time.perf_counter() - begin < least:
            for _ in range(5):
                work()
            torch.cuda.synchronize()
            calls += 5
        rounds.append((time.perf_counter() - begin) / calls)
    return min(rounds)


def peak():
    torch = import_torch()
    print("PyTorch %s, CUDA %s, %s" % (torch.__version__, torch.version.cuda, torch.cuda.get_device_name()))
    a = torch.empty(1 << 28, device="cuda")
    b = torch.empty_like(a)
    print("copy of 1 GiB: %.2f TB/s read and written" % (2 * a.numel() * 4 / best(torch, lambda: b.copy_(a)) / 1e12))
    for name, kind, tf32 in (("ieee", torch.float32, False), ("tf32", torch.float32, True), ("bf16", torch.bfloat16, False)):
        torch.backends.cuda.matmul.allow_tf32 = tf32
        n = 8192
        x, y = (torch.randn(n, n, device="cuda", dtype=kind) for _ in range(2))
        print("product of %d in %s: %.0f TFLOP/s" % (n, name, 2 * n**3 / best(torch, lambda: x @ y) / 1e12))


def models(torch):
    nn = torch.nn

    class Lstm(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.out = nn.LSTM(64, 256, batch_first=True), nn.Linear(256, 10)

        def forward(self, x):
            return self.out(self.lstm(x)[0][:, -1])

    class Bottleneck(nn.Module):
        def __init__(self, wide, mid, stride):
            super().__init__()

            def conv(a, b, k, s):
                return [nn.Conv2d(a, b, k, s, k // 2, bias=False), nn.BatchNorm2d(b)]

            self.deep = nn.Sequential(
                *conv(wide, mid, 1, 1), nn.ReLU(), *conv(mid, mid, 3, stride), nn.ReLU(), *conv(mid, 4 * mid, 1, 1))
            same = stride == 1 and wide == 4 * mid
            self.short = nn.Identity() if same else nn.Sequential(*conv(wide, 4 * mid, 1, stride))

        def forward(self, x):
            return torch.relu(self.deep(x) + self.short(x))

    def resnet50():
        layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        wide = 64
        for group, (mid, count) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
            for number in range(count):
                layers.append(Bottleneck(wide, mid, 2 if group > 0 and number == 0 else 1))
                wide = 4 * mid
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))

    class Block(nn.Module):
        def __init__(self, d, heads):
            super().__init__()
            self.heads = heads
            self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
            self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
            self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

        def forward(self, x):
            b, t, d = x.shape
            q, k, v = (p.view(b, t, self.heads, -1).transpose(1, 2) for p in self.qkv(self.norm1(x)).split(d, 2))
            o = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.out(o.transpose(1, 2).reshape(b, t, d))
            return x + self.mlp(self.norm2(x))

    class Gpt2(nn.Module):
        def __init__(self):
            super().__init__()
            self.token, self.place = nn.Embedding(50304, 768), nn.Embedding(1024, 768)
            self.blocks, self.norm = nn.Sequential(*(Block(768, 12) for _ in range(12))), nn.LayerNorm(768)

        def forward(self, ids):
            x = self.token(ids) + self.place.weight
            return self.norm(self.blocks(x)) @ self.token.weight.t()

    return {
        "mlp": lambda: nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10)),
        "lenet": lambda: nn.Sequential(
            nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 512), nn.ReLU(), nn.Linear(512, 10)),
        "lstm": Lstm,
        "resnet50": resnet50,
        "gpt2": Gpt2,
    }


def timed(network, math):
    torch = import_torch()
    batch, shape, classes = NETWORKS[network]
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = math != "ieee"
    for how in ("eager", "compile"):
        torch.manual_seed(1)
        model = models(torch)[network]().cuda()
        if network == "gpt2":
            x = torch.randint(classes, (batch, *shape), device="cuda")
            label = x
        else:
            pixels = {"resnet50": (batch, 3, 224, 224), "lenet": (batch, 1, 28, 28)}.get(network, (batch, *shape))
            x = torch.randn(pixels, device="cuda")
            label = torch.randint(classes, (batch,), device="cuda")
        if network == "resnet50":
            model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
        momentum = network in ("lenet", "resnet50")
        optimizer = (
            torch.optim.SGD(model.parameters(), 0.01, momentum=0.9) if momentum
            else torch.optim.AdamW(model.parameters(), 1e-3, fused=True))

        def loss_of():
            with torch.autocast("cuda", torch.bfloat16, enabled=math == "bf16"):
                out = model(x)
                return torch.nn.functional.cross_entropy(out.reshape(-1, classes), label.reshape(-1))

        run = torch.compile(loss_of, mode="reduce-overhead" if network in ("mlp", "lenet", "lstm") else None) if how == "compile" else loss_of

        def step():
            optimizer.zero_grad(set_to_none=True)
            run().backward()
            optimizer.step()

        try:
            for _ in range(5):
                step()
            seconds = best(torch, step)
        except Exception as failed:  # what cannot be compiled is said, and the others go on
            print("%s %s PyTorch %s: FAILED: %s" % (network, math, how, str(failed).splitlines()[0]))
            continue
        said("PyTorch " + how, network, math, seconds)


if __name__ == "__main__":
    {"data": data, "ours": ours, "peak": peak, "time": timed}[sys.argv[1]](*sys.argv[2:])
