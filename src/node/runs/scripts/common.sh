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

# A number or a text of one of the small files that these scripts write themselves.
field() {
  sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' "$2" 2>/dev/null | head -n 1
}

# Whether the process of pid.json is the one that wrote it.
alive() {
  [ -s pid.json ] || return 1
  [ "$(field boot pid.json)" = "$(boot_id)" ] || return 1
  alive_begin=$(begin_of "$(field pid pid.json)")
  [ -n "$alive_begin" ] && [ "$alive_begin" = "$(field start pid.json)" ]
}
