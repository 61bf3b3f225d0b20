"""Times the vendor's matrix product, n x 64 by 64 x n in float32, in blocks of rows so that n x n is
never stored. Writes one JSON object to FILE after every size.

Usage: python3 products.py FILE SECONDS N [N ...]
"""
import json
import sys
import time

DEPTH = 64
# Maximum entries of a block of results: 4 GiB of float32.
MAX_ENTRIES = 2**30


def main() -> None:
    file, budget = sys.argv[1], float(sys.argv[2])
    sizes = [int(n) for n in sys.argv[3:]]

    def save(result: dict) -> None:
        with open(file, "w") as target:
            json.dump(result, target, indent=1)

    try:
        import torch
    except ImportError as error:
        save({"error": f"no PyTorch: {error}"})
        sys.exit(1)
    if not torch.cuda.is_available():
        save({"error": "PyTorch finds no CUDA device", "torch": torch.__version__})
        sys.exit(1)
    device = torch.device("cuda")
    out = {
        "device": torch.cuda.get_device_name(0),
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "depth": DEPTH,
        "rows": [],
    }
    until = time.monotonic() + budget
    for n in sizes:
        # float32 first: the other rows are compared with it.
        for kind in ("float32", "tf32", "float16"):
            if time.monotonic() > until and out["rows"]:
                continue
            try:
                figures = measure(torch, device, n, kind)
            except RuntimeError as error:
                figures = {"error": str(error)}
            out["rows"].append({"n": n, "kind": kind, **figures})
            print(json.dumps(out["rows"][-1]), flush=True)
            save(out)
    out["copyGBs"] = copies(torch, device)
    save(out)


def measure(torch, device, n: int, kind: str) -> dict:
    torch.set_float32_matmul_precision("high" if kind == "tf32" else "highest")
    dtype = torch.float16 if kind == "float16" else torch.float32
    a = torch.randn((n, DEPTH), device=device).to(dtype)
    b = torch.randn((DEPTH, n), device=device).to(dtype)
    rows = min(n, max(128, MAX_ENTRIES // n))
    result = torch.empty((rows, n), device=device, dtype=dtype)

    def product() -> None:
        for at in range(0, n, rows):
            end = min(n, at + rows)
            torch.mm(a[at:end], b, out=result[: end - at])

    for _ in range(3):
        product()
    torch.cuda.synchronize()
    flops = 2 * n * n * DEPTH
    # Single products for the median, then many in a row for the sustained rate.
    times = []
    for _ in range(20):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        product()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end))
    times.sort()
    count = max(1, min(100, int(1000 / times[len(times) // 2])))
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    begin.record()
    for _ in range(count):
        product()
    end.record()
    torch.cuda.synchronize()
    each = begin.elapsed_time(end) / count
    # Verifies the precision: about 1e-7 in float32, 3e-4 if inputs are rounded to ten bits.
    some = min(n, 64)
    exact = a[:some].double() @ b.double()
    error = ((torch.mm(a[:some], b).double() - exact).norm() / exact.norm()).item()
    median = times[len(times) // 2]
    return {
        "ms": median,
        "minMs": times[0],
        "eachMs": each,
        "gflops": flops / min(median, each) / 1e6,
        "blocks": -(-n // rows),
        "relativeError": error,
    }


def copies(torch, device) -> float:
    """GB/s of a large copy on the device, counting bytes read and written."""
    a = torch.rand(2**28, device=device)
    b = torch.empty_like(a)
    for _ in range(3):
        b.copy_(a)
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    begin.record()
    for _ in range(10):
        b.copy_(a)
    end.record()
    torch.cuda.synchronize()
    return 10 * 2 * 4 * 2**28 / begin.elapsed_time(end) / 1e6


main()
