# One question for all runs of the user: administrators do not like those who ask for each.
queue=$(limited 8 squeue -h --me -o '%i|%j|%T|%r|%S|%N' 2>&1 </dev/null)
answered=$?
printf 'squeue %s\n' "$answered"
printf '%s\n' "$queue" | sed 's/^/queue /'
id=$(field id job.json)
printf 'asked %s\n' "$id"
if [ "$answered" = 0 ] && [ ! -s exit.json ] && [ -n "$id" ]; then
  case "
$queue" in
    *"
$id|"*) ;;
    *)
      # The controller remembers for some minutes, the accounting, where there is one, for long.
      known=$(limited 8 scontrol show job -o "$id" 2>/dev/null </dev/null) && [ -n "$known" ] && printf 'scontrol %s\n' "$known"
      [ -n "$known" ] || limited 8 sacct -X -n -P -j "$id" -o State,ExitCode,Reason 2>/dev/null </dev/null | head -n 1 | sed 's/^/sacct /'
      ;;
  esac
fi
