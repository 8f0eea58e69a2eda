# Stops the run in $RUN. $MODE checkpoint: the trainer looks for the file and ends after the step; kill: now.
cd "$RUN" 2>/dev/null || { echo gone; exit 0; }
umask 077
alive || { echo over; exit 0; }
if [ "$MODE" != kill ]; then
  printf '%s\n' "$MODE" > stop.part && mv stop.part stop
  echo asked
  exit 0
fi
: > killed

# torchrun gives each worker a session of its own, so that no signal to a group reaches them all.
descendants() {
  ps -e -o pid= -o ppid= | awk -v root="$1" '
    { parent[$1] = $2 }
    END {
      wanted[root] = 1
      do {
        more = 0
        for (pid in parent) if (!(pid in wanted) && (parent[pid] in wanted)) { wanted[pid] = 1; more = 1 }
      } while (more)
      for (pid in wanted) print pid
    }'
}
all=
for one in pid.json child.json; do
  if [ -s "$one" ] && goes_on "$one"; then all="$all $(descendants "$(field pid "$one")")"; fi
done
kill -TERM $all 2>/dev/null
tries=0
while [ "$tries" -lt 20 ] && kill -0 $all 2>/dev/null; do
  sleep 0.1
  tries=$((tries + 1))
done
# What they began meanwhile goes with them.
for one in $all; do all="$all $(descendants "$one")"; done
for one in $all; do kill -KILL "$one" 2>/dev/null; done
[ -s exit.json ] || { printf '{"code":137,"term":1,"killed":1,"t":%s}\n' "$(date +%s)" > exit.json.part && mv exit.json.part exit.json; }
echo killed
