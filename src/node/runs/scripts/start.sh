# Starts the supervisor of $RUN; the arguments are the training command. Secrets come on standard input ($SECRETS: 1).
# $RESUME: 1 where an attempt that is over may be followed by another. Prints "started" or "left alone".
if alive; then echo 'left alone'; exit 0; fi
if [ -e pid.json ] || [ -e exit.json ]; then
  [ -n "$RESUME" ] || { echo 'left alone'; exit 0; }
  archive
fi
if [ -n "$SECRETS" ]; then cat > .secrets; fi

# All three streams must leave the connection, or ssh waits for the end of the run.
if command -v setsid >/dev/null 2>&1; then
  nohup setsid sh ./supervise.sh "$@" >/dev/null 2>&1 </dev/null &
else
  nohup "$PYTHON" -c 'import os, sys; os.setsid(); os.execvp("sh", ["sh"] + sys.argv[1:])' ./supervise.sh "$@" >/dev/null 2>&1 </dev/null &
fi
tries=0
while [ ! -s pid.json ] && [ "$tries" -lt 100 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
[ -s pid.json ] || { rm -f .secrets; echo 'the supervisor did not start' >&2; exit 8; }
echo started
