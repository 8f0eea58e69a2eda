# Whether the user's own Python has the packages: imports them once for each set of versions, since that takes long.
found=$(command -v "$PYTHON") || { echo missing; exit 4; }
versions=$("$found" -c "$VERSIONS" "$@" 2>&1 </dev/null) || { printf '%s\n' "$versions" | tail -n 3; exit 6; }
printf 'python %s\n%s\n' "$found" "$versions"
case $versions in
  *'"lacks": []'*) ;;
  *) exit 0 ;;
esac
sum=$(printf '%s %s' "$found" "$versions" | cksum | tr ' ' '-')
mkdir -p "$ENVS/checked" 2>/dev/null
[ ! -e "$ENVS/checked/$sum" ] || exit 0
said=$("$found" -c "$CHECK" "$@" 2>&1 </dev/null) || { printf '%s\n' "$said" | tail -n 3; exit 6; }
: > "$ENVS/checked/$sum" 2>/dev/null
exit 0
