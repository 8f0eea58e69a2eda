# A tar of what the arguments name in $RUN/$FROM. Exit 4: there is none. $WITHOUT: a pattern that is left out.
cd "$RUN/$FROM" 2>/dev/null || exit 4
for name; do
  shift
  [ ! -e "$name" ] || set -- "$@" "$name"
done
[ $# -gt 0 ] || exit 4
exec tar -cf - ${WITHOUT:+"--exclude=$WITHOUT"} "$@"
