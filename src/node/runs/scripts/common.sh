# A shell without login has a short PATH: uv and other programs of the user lie beyond it.
PATH=${PATH:-/usr/bin:/bin}:$HOME/.local/bin:$HOME/.cargo/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH

# A name of this boot of the machine; a process id means nothing after the next one.
boot_id() {
  cat /proc/sys/kernel/random/boot_id 2>/dev/null || sysctl -n kern.bootsessionuuid 2>/dev/null
}

# When a process began, as the system tells it: two processes with the same id differ in it. Empty: there is none.
begin_of() {
  if [ -r /proc/self/stat ]; then
    [ -r "/proc/$1/stat" ] || return 0
    # Fields are counted from the last parenthesis: a program's name may hold spaces. A zombie runs no more.
    sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" && $1 != "X" { print $20 }'
  else
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '_'
  fi
}

# A command with a time limit in seconds, where the system has timeout(1).
limited() {
  if command -v timeout >/dev/null 2>&1; then timeout "$@"; else shift; "$@"; fi
}

# A number or a text of one of the small files that these scripts write themselves.
field() {
  sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' "$2" 2>/dev/null | head -n 1
}

# Whether the process that a file names is the one that it was written for.
goes_on() {
  goes_on_begin=$(begin_of "$(field pid "$1")")
  [ -n "$goes_on_begin" ] && [ "$goes_on_begin" = "$(field start "$1")" ]
}

# Whether the run of this folder goes on: its supervisor, or the trainer alone where that was ended.
alive() {
  [ -s pid.json ] && [ "$(field boot pid.json)" = "$(boot_id)" ] || return 1
  goes_on pid.json || { [ -s child.json ] && goes_on child.json; }
}
