#!/usr/bin/env bash
# All four models on two GPUs in one go: all.sh FOLDER SECONDS
set -u
cd "$(dirname "$0")"
out=$1 seconds=$2
train() { CUDA_VISIBLE_DEVICES=$1 python3 -W ignore train.py "$2" "$out/$2" --seconds "$3" >"$out/$2.log" 2>&1 || echo "failed: $2" >>"$out/$2.log"; }
mkdir -p "$out"
train 0 t5-small "$seconds" &
train 0 bert-mini $((seconds / 2)) &
train 1 bert-small "$seconds" &
train 1 gpt-small "$seconds" &
wait
