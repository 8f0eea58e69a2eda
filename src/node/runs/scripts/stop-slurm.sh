# Stops the job of $RUN. $MODE checkpoint: the trainer looks for the file and ends after the step; kill: now.
cd "$RUN" 2>/dev/null || { echo gone; exit 0; }
umask 077
id=$(field id job.json)
[ -n "$id" ] || { echo over; exit 0; }
[ ! -s exit.json ] || { echo over; exit 0; }
state=$(limited 15 squeue -h -j "$id" -o %T 2>&1 </dev/null)
answered=$?
case "$answered$state" in
  0) echo over; exit 0 ;;
  0*) ;;
  *'Invalid job id'*) echo over; exit 0 ;;
  *) printf '%s\n' "$state" >&2; exit 9 ;;
esac
if [ "$MODE" = kill ]; then
  : > killed
else
  printf '%s\n' "$MODE" > stop.part && mv stop.part stop
fi
# A job that waits has nothing to save.
if [ "$MODE" = kill ] || [ "$state" = PENDING ]; then
  said=$(limited 15 scancel "$id" 2>&1 </dev/null) || { printf '%s\n' "$said" >&2; exit 9; }
fi
echo asked
