# What a look at the run shows. $METRICS and $LOG are offsets in bytes, $MAX_METRICS and $MAX_LOG how much of each file is
# sent. Whoever holds the run was asked before: what has ended meanwhile has left its word here, and all of its log.
if [ -s exit.json ]; then
  state=exited
elif [ -s pid.json ]; then
  if [ "$(field job pid.json)" ]; then state=job
  elif alive; then state=running
  # It may have ended between the two looks.
  elif [ -s exit.json ]; then state=exited
  elif [ "$(field boot pid.json)" != "$(boot_id)" ]; then state=rebooted
  else state=lost
  fi
elif [ -s job.json ]; then state=job
else state=staged
fi
printf 'state %s\n' "$state"
[ ! -s exit.json ] || sed 's/^/exit /' exit.json
[ ! -s pid.json ] || sed 's/^/pid /' pid.json
[ ! -s job.json ] || sed 's/^/job /' job.json
if [ -e killed ]; then echo 'stop kill'
elif [ -e stop ]; then printf 'stop %s\n' "$(head -c 100 stop | tr -d '\n')"
fi

# The trainer's own last words: the cause is in the earliest of the ranks' files.
if [ "$state" != running ] && [ "$state" != staged ]; then
  [ ! -f metrics.jsonl ] || tail -c 262144 metrics.jsonl | grep -E '"event": ?"(train_begin|train_end|error)"' | tail -n 4 | sed 's/^/event /'
  for words in error-rank*.json; do
    [ ! -s "$words" ] || { head -c 16384 "$words" | tr -d '\n' | sed 's/^/rank /'; echo; }
  done
  [ ! -f out.log ] || printf 'words %s\n' "$(tail -c 32768 out.log | base64 | tr -d '\n')"
  set -- out/checkpoint-*
  [ ! -d "$1" ] || printf 'checkpoints %s\n' "$#"
fi

size_of() { if [ -f "$1" ]; then wc -c < "$1" | tr -d ' '; else echo 0; fi; }
part_of() { tail -c +$(($2 + 1)) "$1" 2>/dev/null | head -c "$3" | base64 | tr -d '\n'; }
metrics_size=$(size_of metrics.jsonl)
log_size=$(size_of out.log)
if [ "$metrics_size" -lt "$METRICS" ]; then
  echo 'truncated 1'
  METRICS=0
fi
[ "$log_size" -ge "$LOG" ] || LOG=0
# Of a log that grew by a lot only the end.
[ $((log_size - LOG)) -le "$MAX_LOG" ] || LOG=$((log_size - MAX_LOG))
printf 'metrics %s %s ' "$METRICS" "$metrics_size"
[ "$metrics_size" -eq "$METRICS" ] || part_of metrics.jsonl "$METRICS" "$MAX_METRICS"
printf '\nlog %s %s ' "$LOG" "$log_size"
[ "$log_size" -eq "$LOG" ] || part_of out.log "$LOG" "$MAX_LOG"
echo
