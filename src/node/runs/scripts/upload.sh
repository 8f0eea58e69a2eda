# Takes a tar from standard input into $DIR: everything arrives, is compared with its sums and then renamed.
# The arguments are the names. Exit 3: it cannot be written; 4: it arrived damaged.
umask 077
mkdir -p "$DIR" && cd "$DIR" || exit 3
part=.part-$$
trap 'cd "$DIR"; rm -rf "$part"' EXIT
rm -rf "$part"
mkdir "$part" && cd "$part" || exit 3
tar -xmof - || exit 3
if command -v sha256sum >/dev/null 2>&1; then
  sha256sum -c .sha256 >/dev/null || exit 4
else
  shasum -a 256 -c .sha256 >/dev/null || exit 4
fi
for name; do
  case $name in
    */*) mkdir -p "../${name%/*}" || exit 3 ;;
  esac
  mv -f "$name" "../$name" || exit 3
done
