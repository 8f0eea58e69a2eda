# Submits job.sbatch of $RUN under the name $NAME; the arguments are options of sbatch. Secrets come on standard input.
# Prints "submitted ID" or "left alone".
if [ -s job.json ] && [ ! -s exit.json ]; then
  id=$(field id job.json)
  # What Slurm cannot tell now may still be running.
  known=$(limited 15 squeue -h -j "$id" -o %T 2>&1 </dev/null) && [ -n "$known" ] && { echo 'left alone'; exit 0; }
  case $known in
    '' | *'Invalid job id'*) ;;
    *) printf '%s\n' "$known" >&2; exit 9 ;;
  esac
fi
running=$(limited 15 squeue -h --me --name="$NAME" -o %i 2>&1 </dev/null) || { printf '%s\n' "$running" >&2; exit 9; }
if [ -n "$running" ]; then
  # Submitted by a window that ended before it could say so.
  id=$(printf '%s\n' "$running" | tail -n 1)
  printf '{"id":"%s","t":%s}\n' "$id" "$(date +%s)" > job.json
  echo 'left alone'
  exit 0
fi
if [ -e job.json ] || [ -e exit.json ]; then
  [ -n "$RESUME" ] || { echo 'left alone'; exit 0; }
  archive
fi
if [ -n "$SECRETS" ]; then cat > .secrets; fi
id=$(limited 40 sbatch --parsable --job-name="$NAME" --chdir="$RUN" --output=out.log --open-mode=append "$@" job.sbatch 2>sbatch.err </dev/null)
code=$?
if [ "$code" != 0 ]; then
  rm -f .secrets
  cat sbatch.err >&2
  exit 10
fi
rm -f sbatch.err
id=${id%%;*}
printf '{"id":"%s","t":%s}\n' "$id" "$(date +%s)" > job.json.part && mv job.json.part job.json
printf 'submitted %s\n' "$id"
