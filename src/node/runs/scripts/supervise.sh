# Holds a run: its arguments are the training command. It is the leader of a session of its own, so that nothing that
# ends on the way here, a connection or an editor, ends it.
cd "$(dirname "$0")" || exit 97
umask 077
trap '' HUP

# Whoever creates pid.json runs the training: a second start finds it there and leaves.
( set -C; printf '{"pid":%s,"start":"%s","boot":"%s","host":"%s","t":%s}\n' \
  "$$" "$(begin_of $$)" "$(boot_id)" "$(uname -n)" "$(date +%s)" > pid.json ) 2>/dev/null || exit 98

if [ -f .secrets ]; then
  . ./.secrets
  rm -f .secrets
fi

term=0
trap 'term=1; [ -n "${child:-}" ] && kill -TERM "$child" 2>/dev/null' TERM INT
"$@" >> out.log 2>&1 < /dev/null &
child=$!
printf '{"pid":%s,"start":"%s"}\n' "$child" "$(begin_of "$child")" > child.json.part && mv child.json.part child.json
# `wait` also returns when a signal was handled.
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || break
done
printf '{"code":%s,"term":%s,"t":%s}\n' "$code" "$term" "$(date +%s)" > exit.json.part && mv exit.json.part exit.json
