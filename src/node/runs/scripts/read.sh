# The bytes of the file $FILE in $RUN. Exit 4: there is none.
cd "$RUN" 2>/dev/null || exit 4
[ -f "$FILE" ] || exit 4
exec cat "./$FILE"
