# What the target has, one fact a line: a word and its value. $WORKDIR is made where it is missing.
# $PYTHON: the one that the user chose; empty: any that will do. $SLURM: 1 where partitions are asked for.
printf 'system %s|%s\n' "$(uname -s)" "$(uname -m)"
mkdir -p "$WORKDIR" 2>/dev/null
if cd "$WORKDIR" 2>/dev/null && [ -w . ]; then
  printf 'workdir %s\n' "$(pwd)"
  df -Pk . 2>/dev/null | tail -n 1 | sed 's/^/df /'
fi

about='import sys
try:
    import ensurepip, venv
    has = 1
except ImportError:
    has = 0
print("%d.%d.%d|%d" % (*sys.version_info[:3], has))'
for candidate in ${PYTHON:+"$PYTHON"} ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.10 python}; do
  [ -z "$PYTHON" ] || candidate=$PYTHON
  found=$(command -v "$candidate" 2>/dev/null) || continue
  answer=$(limited 20 "$found" -c "$about" 2>/dev/null </dev/null) || continue
  printf 'python %s|%s\n' "$answer" "$found"
  [ -z "$PYTHON" ] || break
done
uv=$(command -v uv 2>/dev/null) && printf 'uv %s\n' "$uv"

if command -v nvidia-smi >/dev/null 2>&1; then
  smi=$(limited 20 nvidia-smi --query-gpu=index,memory.total,memory.used,utilization.gpu,name --format=csv,noheader,nounits 2>&1 </dev/null)
  printf 'smi %s\n' "$?"
  printf '%s\n' "$smi" | sed 's/^/gpu /'
fi
[ -z "${CUDA_VISIBLE_DEVICES:-}" ] || printf 'visible %s\n' "$CUDA_VISIBLE_DEVICES"

# Where logind ends everything of a user at the last logout, a session of its own does not help.
kill_all=$(limited 5 busctl get-property org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager KillUserProcesses 2>/dev/null </dev/null) &&
  printf 'logind %s\n' "$kill_all"

if [ -n "$SLURM" ] && command -v sinfo >/dev/null 2>&1; then
  printf 'slurm %s\n' "$(limited 10 sinfo --version 2>/dev/null </dev/null)"
  partitions=$(limited 10 sinfo -h -o '%P|%a|%l|%D|%G' 2>&1 </dev/null)
  printf 'sinfo %s\n' "$?"
  printf '%s\n' "$partitions" | sed 's/^/partition /'
fi
exit 0
