"""What torch's dynamic int8 makes of activations, for the tests of src/lab/engine/quantize.ts.

    python training/reference/activations.py > src/lab/engine/torch-dynamic.json

Each text goes by itself through an nn.Linear that quantize_dynamic replaced, whose weights are the unit matrix: its
output then tells every code of the input. Scale and zero point are those of torch._choose_qparams_per_tensor, which is
the routine that the layer calls, too; the script fails where codes computed from them are not the layer's.
"""

import base64
import json

import numpy as np
import torch
from torch.ao.quantization import quantize_dynamic

width = 24


def table() -> np.ndarray:
    """Tokens of many kinds: ordinary ones, halves, one sign only, tiny and huge ones, an outlier, zeros."""
    rng = np.random.default_rng(7)
    rows = [rng.standard_normal(width) for _ in range(12)]
    rows += [rng.integers(-60, 68, width) * 0.5 for _ in range(4)]
    rows += [np.abs(rng.standard_normal(width)), -np.abs(rng.standard_normal(width))]
    rows += [rng.standard_normal(width) * 1e-4, rng.standard_normal(width) * 1e-6, rng.standard_normal(width) * 1e4]
    rows += [np.where(np.arange(width) == 5, 37.5, rng.standard_normal(width))]
    rows += [np.zeros(width), np.full(width, 1e-39)]
    return np.array(rows, dtype=np.float32)


def texts(count: int) -> list[list[int]]:
    rng = np.random.default_rng(8)
    drawn = [[int(i) for i in rng.integers(0, count - 4, rng.integers(1, 5))] for _ in range(60)]
    return [[i] for i in range(count)] + [[12, 13, 14, 15], [16, 17], [18, 22], [19, 23]] + drawn


def layer(engine: str) -> torch.nn.Module:
    torch.backends.quantized.engine = engine
    linear = torch.nn.Linear(width, width, bias=False)
    linear.weight.data = torch.eye(width)
    return quantize_dynamic(torch.nn.Sequential(linear), {torch.nn.Linear}, dtype=torch.qint8)


def main() -> None:
    values = table()
    cases = []
    for engine, top in (("fbgemm", 127), ("qnnpack", 255)):
        linear = layer(engine)
        for text in texts(len(values)):
            x = torch.tensor(values[text])
            scale, zero = torch._choose_qparams_per_tensor(x, reduce_range=top == 127)
            scale = np.float32(scale)
            inverse = np.float32(1) / scale
            codes = np.clip(np.rint(x.numpy() * inverse + np.float32(zero)), 0, 255) - zero
            # The weights' scale is 1 / 127.5, and 1 becomes code 127.
            made = linear(x).detach().numpy().astype(np.float64) / (float(scale) * float(np.float32(1 / 127.5)) * 127)
            assert np.abs(made - codes).max() < 1e-3, (engine, text, np.abs(made - codes).max())
            cases.append(
                {"top": top, "text": text, "scale": float(scale), "zero": int(zero), "codes": codes.astype(int).tolist()}
            )
    print(
        json.dumps(
            {
                "format": "lossy-activations-1",
                "torch": torch.__version__,
                "width": width,
                "table": base64.b64encode(values.astype("<f4").tobytes()).decode(),
                "cases": cases,
            },
            separators=(",", ":"),
        )
    )


if __name__ == "__main__":
    main()
