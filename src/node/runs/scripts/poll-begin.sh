# Begins a look at the run in $RUN: a word and its value a line, as all that follows.
if ! cd "$RUN" 2>/dev/null; then
  # Without the folder above it, a disk is away and nothing is known.
  if [ -d "$(dirname "$RUN")" ]; then echo 'state gone'; else echo 'state away'; fi
  exit 0
fi
printf 'now %s\n' "$(date +%s)"
