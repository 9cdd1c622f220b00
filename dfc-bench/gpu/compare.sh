#!/usr/bin/env bash
# Measures the TornadoVM backend and PyTorch on the same GPU, one after the other, and shows both.
set -euo pipefail

usage() {
  cat <<'END'
usage: dfc-bench/gpu/compare.sh [--out DIR] [--device DRIVER:DEVICE] [--batch N] [--seeds N]

  --out DIR               folder of the results, new or empty; default: a fresh gpu-comparison
  --device DRIVER:DEVICE  TornadoVM's device, as ./dfc backends lists it; default: the first one
                          with the name of PyTorch's first CUDA device
  --batch N               samples of each network; default: 128
  --seeds N               networks simulated at once; default: 1

TORNADOVM_HOME is the SDK of TornadoVM. PYTHON is a Python 3 with torch; default: python3.
END
}

fail() {
  printf 'compare.sh: %s\n' "$1" >&2
  exit 2
}

say() {
  printf '\n== %s\n' "$1"
}

out=
device=
batch=128
seeds=1
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --out | --device | --batch | --seeds)
      [ -n "${2:-}" ] || fail "$1: expected a value; --help shows the usage"
      case $1 in
        --out) out=$2 ;;
        --device) device=$2 ;;
        --batch) batch=$2 ;;
        --seeds) seeds=$2 ;;
      esac
      shift 2
      ;;
    *) fail "there is no option \"$1\"; --help shows the usage" ;;
  esac
done

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
gpu_folder=$root/dfc-bench/gpu
python=${PYTHON:-python3}

# As ./dfc does.
sdkman=$HOME/.sdkman/candidates/tornadovm/current
if [ -z "${TORNADOVM_HOME:-}" ] && [ -f "$sdkman/tornado-argfile" ]; then
  export TORNADOVM_HOME=$sdkman
fi
[ -n "${TORNADOVM_HOME:-}" ] || fail "TORNADOVM_HOME is not set; let it name the folder of a TornadoVM SDK"
[ -f "$TORNADOVM_HOME/tornado-argfile" ] ||
  fail "TORNADOVM_HOME is $TORNADOVM_HOME, which has no tornado-argfile; let it name the folder of a TornadoVM SDK"
command -v "$python" >/dev/null || fail "there is no program $python; let PYTHON name a Python 3 with torch"

# GPU, version of PyTorch and version of its CUDA, a line each; what is missing ends the script.
facts=$("$python" -W ignore - <<'END'
import sys

try:
    import torch
except ImportError as error:
    sys.exit(f"compare.sh: {sys.executable} has no PyTorch ({error}); let PYTHON name a Python with torch")
if not torch.cuda.is_available():
    sys.exit(f"compare.sh: PyTorch {torch.__version__} finds no CUDA device")
print(torch.cuda.get_device_name(0), torch.__version__, torch.version.cuda, sep="\n")
END
) || exit 2
{
  read -r gpu
  read -r torch_version
  read -r cuda_version
} <<<"$facts"

if [ -z "$out" ]; then
  out=gpu-comparison
  number=1
  while [ -e "$out" ]; do
    number=$((number + 1))
    out=gpu-comparison-$number
  done
fi
if [ -e "$out" ]; then
  [ -d "$out" ] && [ -z "$(ls -A "$out")" ] || fail "$out is there and no empty folder; --out takes a new or empty one"
fi

if [ -z "$device" ]; then
  backends=$("$root/dfc" backends --json) || fail "./dfc backends failed"
  device=$("$python" - "$backends" "$gpu" <<'END'
import json
import sys

listings = {listing["name"]: listing for listing in json.loads(sys.argv[1])}
tornado = listings.get("tornado")
if tornado is None:
    sys.exit("compare.sh: the backend tornado is not in this build; ./dfc backends lists what is")
if not tornado["available"]:
    sys.exit(f"compare.sh: the backend tornado is unavailable: {tornado['reason']}; {tornado['remedy']}")
for found in tornado["devices"]:
    if sys.argv[2] in found["description"]:
        print(found["id"])
        break
else:
    sys.exit(f'compare.sh: TornadoVM has no device "{sys.argv[2]}"; choose one of ./dfc backends with --device')
END
  ) || exit 2
fi

mkdir -p "$out" || fail "cannot make the folder $out"
{
  printf 'date        %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  printf 'commit      %s\n' "$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)"
  printf 'GPU         %s\n' "$gpu"
  if command -v nvidia-smi >/dev/null; then
    printf 'driver      %s\n' "$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>&1 | tr '\n' ';')"
  else
    printf 'driver      unknown, there is no nvidia-smi\n'
  fi
  printf 'PyTorch     %s, CUDA %s\n' "$torch_version" "$cuda_version"
  printf 'TornadoVM   %s, device %s\n' "$TORNADOVM_HOME" "$device"
} >"$out/environment.txt"
cat "$out/environment.txt"

say "TornadoVM: the best sizes of its work-groups"
"$root/dfc" bench --tune --backend "tornado:$device" | tee "$out/tuning.txt" ||
  fail "./dfc bench --tune failed on tornado:$device"

say "TornadoVM"
"$root/dfc" bench --backend "tornado:$device" --network mnist --batch "$batch" --seeds "$seeds" \
  --workload dfc-ss/euler --workload dfc/euler --json >"$out/tornado.json" ||
  fail "./dfc bench failed on tornado:$device"
"$python" - "$out/tornado.json" <<'END' || exit 2
import json
import sys

try:
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
except ValueError as error:
    sys.exit(f"compare.sh: {sys.argv[1]} is no JSON: {error}")
print(f"measured on {report['cpu']}")
for kind in ("declined", "skipped"):
    for item in report[kind]:
        print(f"{kind}: {item['workload']}: {item['reason']}")
if not report["workloads"]:
    sys.exit(f"compare.sh: the backend tornado measured nothing; see {sys.argv[1]}")
END

say "PyTorch: do its forms agree"
"$python" "$gpu_folder/compare.py" --check | tee "$out/check.txt" ||
  fail "the check of the loop in PyTorch failed; see $out/check.txt"

say "PyTorch"
"$python" "$gpu_folder/compare.py" --batch "$batch" --seeds "$seeds" --json "$out/pytorch.json" | tee "$out/pytorch.txt" ||
  fail "compare.py failed"

say "Side by side: before is PyTorch in its fastest form, now is TornadoVM"
"$root/dfc" bench --compare "$out/pytorch.json" --compare "$out/tornado.json" | tee "$out/comparison.txt" ||
  fail "./dfc bench --compare failed"

printf '\nresults in %s\n' "$out"
