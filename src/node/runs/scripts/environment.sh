# Makes the environment $ENVS/$HASH from the requirements on standard input, unless it is whole already. $UV: uv, or
# empty; $PYTHON: what it is made with. Ends with a line "python PATH". Only one makes it, others wait for it.
umask 022
mkdir -p "$ENVS" && cd "$ENVS" || exit 3
requirements=.requirements-$$
cat > "$requirements"
whole() {
  [ -f "$HASH/.complete" ] && "$HASH/bin/python" -c '' 2>/dev/null
}
tell() {
  printf 'python %s/%s/bin/python\n' "$(pwd)" "$HASH"
  cat "$HASH/.complete" 2>/dev/null
}
trap 'rm -f "$requirements"' EXIT
if whole; then tell; exit 0; fi

lock=$HASH.lock
# A lock is dead when its owner on this machine is, or when it has no owner or one elsewhere and is old.
dead() {
  [ -d "$lock" ] || return 1
  if [ "$(field host "$lock/owner")" = "$(uname -n)" ]; then
    [ "$(begin_of "$(field pid "$lock/owner")")" != "$(field start "$lock/owner")" ]
  else
    [ -n "$(find "$lock" -maxdepth 0 -mmin +120 2>/dev/null)" ]
  fi
}
until mkdir "$lock" 2>/dev/null; do
  sleep 1
  whole && { tell; exit 0; }
  if dead; then rm -rf "$lock"; continue; fi
  echo waiting
done
trap 'rm -rf "$ENVS/$lock"; rm -f "$ENVS/$requirements"' EXIT
trap 'exit 130' HUP INT TERM PIPE
printf '{"pid":%s,"start":"%s","host":"%s"}\n' "$$" "$(begin_of $$)" "$(uname -n)" > "$lock/owner"
if whole; then tell; exit 0; fi

rm -rf "$HASH"
mv "$requirements" "$lock/requirements.txt"
if [ -n "$UV" ]; then
  # Chooses the build of torch by what the machine has.
  UV_TORCH_BACKEND=${UV_TORCH_BACKEND:-auto}
  export UV_TORCH_BACKEND
  "$UV" venv --seed --python "$PYTHON" "$HASH" 2>&1 </dev/null &&
    "$UV" pip install --python "$HASH/bin/python" -r "$lock/requirements.txt" 2>&1 </dev/null || exit 5
else
  "$PYTHON" -m venv "$HASH" 2>&1 </dev/null &&
    "$HASH/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off -r "$lock/requirements.txt" 2>&1 </dev/null || exit 5
fi
echo checking
"$HASH/bin/python" -c "$CHECK" "$@" > "$lock/complete" 2>"$lock/errors" </dev/null || { tail -n 3 "$lock/errors"; exit 6; }
mv "$lock/requirements.txt" "$HASH/requirements.txt"
mv "$lock/complete" "$HASH/.complete"
tell
