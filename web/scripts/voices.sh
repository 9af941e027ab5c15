#!/bin/sh
# Makes the spoken alarms for phones without a voice of their own (M4, M5). Needs espeak-ng and ffmpeg.
# The files are replaceable: put a better recording under the same name.
set -eu
cd "$(dirname "$0")/../public/voice"

say() { # name voice text
  espeak-ng -v "$2" -s 165 -a 190 --stdout "$3" |
    ffmpeg -v error -y -i - -af "loudnorm=I=-14:TP=-1" -ac 1 -ar 24000 -b:a 40k "$1.mp3"
}

say interrupted.zh-CN cmn "录制中断，请尽快恢复"
say lost.zh-CN cmn "录制已中断"
say interrupted.en en "Recording interrupted. Resume quickly."
say lost.en en "Recording has ended."
