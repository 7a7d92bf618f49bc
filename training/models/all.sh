#!/usr/bin/env bash
# All four models on two GPUs in one go, with their reference curves: all.sh FOLDER OUT SECONDS
set -u
cd "$(dirname "$0")"
folder=$1 out=$2 seconds=$3
make() { # GPU MODEL SECONDS
  export CUDA_VISIBLE_DEVICES=$1
  python3 -W ignore train.py "$2" "$folder/$2" --seconds "$3" &&
    tar czf "$out/$2.tgz" -C "$folder" --exclude weights.pt "$2" &&
    python3 -W ignore reference.py "$2" "$folder/$2" "$folder/$2.json" && mv "$folder/$2.json" "$out/$2.json" && echo "$2 done"
}
mkdir -p "$folder" "$out"
make 0 t5-small "$seconds" >"$folder/t5-small.log" 2>&1 &
make 0 bert-mini $((seconds / 2)) >"$folder/bert-mini.log" 2>&1 &
make 1 bert-small $((seconds * 7 / 8)) >"$folder/bert-small.log" 2>&1 &
make 1 gpt-small $((seconds * 7 / 8)) >"$folder/gpt-small.log" 2>&1 &
wait
