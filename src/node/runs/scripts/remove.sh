# Deletes the folder $RUN of a run that is over, and the data that no run uses any more.
cd "$RUN" 2>/dev/null || exit 0
if alive; then echo 'it runs' >&2; exit 5; fi
id=$(field id job.json)
if [ -n "$id" ] && [ ! -s exit.json ] && [ -n "$(limited 15 squeue -h -j "$id" -o %T 2>/dev/null </dev/null)" ]; then
  echo 'it is in the queue' >&2
  exit 5
fi
parent=$(dirname "$RUN")
cd "$parent" || exit 3
# A folder that is half gone is no run any more.
mv "$RUN" "$parent/.gone-$$" && rm -rf "$parent/.gone-$$" || exit 3
[ -d "$DATA" ] && find "$DATA" -type f -name '*.arrow' -links 1 -mmin +60 -exec rm -f {} +
exit 0
