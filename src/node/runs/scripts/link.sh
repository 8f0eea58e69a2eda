# Puts data files into the run's folder: pairs of the name in $DATA and the name in $RUN.
mkdir -p "$RUN" && cd "$RUN" || exit 3
while [ $# -gt 1 ]; do
  ln -f "$DATA/$1" "$2" 2>/dev/null || { cp "$DATA/$1" "$2.part" && mv -f "$2.part" "$2"; } || exit 3
  shift 2
done
