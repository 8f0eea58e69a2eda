# One submission at a time in the folder $RUN; a lock that its owner left behind is old.
umask 077
cd "$RUN" || exit 3
tries=0
until mkdir .lock 2>/dev/null; do
  [ -z "$(find .lock -maxdepth 0 -mmin +2 2>/dev/null)" ] || { rmdir .lock 2>/dev/null; continue; }
  tries=$((tries + 1))
  [ "$tries" -le 30 ] || { echo 'another submission hangs' >&2; exit 7; }
  sleep 1
done
trap 'cd "$RUN" && rmdir .lock 2>/dev/null' EXIT
trap 'exit 130' HUP INT TERM PIPE

# Puts what an earlier attempt left into a folder of its own.
archive() {
  attempt=1
  while [ -e "attempt-$attempt" ]; do attempt=$((attempt + 1)); done
  for old in pid.json child.json exit.json job.json; do
    [ ! -e "$old" ] || { mkdir -p "attempt-$attempt" && mv "$old" "attempt-$attempt/"; }
  done
  rm -f stop killed
}
