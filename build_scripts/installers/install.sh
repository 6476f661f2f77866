#!/bin/sh
# Installs Sirocco for the person who runs it: no administrator is needed, and nothing outside their home is touched.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
id=@APP_ID@
target=$HOME/.local/opt/sirocco
program=$target/sirocco
share=${XDG_DATA_HOME:-$HOME/.local/share}
bin=$HOME/.local/bin

# Where a file manager has started this, nobody sees what it writes.
notify() {
    if [ ! -t 1 ] && command -v notify-send >/dev/null 2>&1; then
        timeout 5 notify-send --icon="$here/share/icons/hicolor/128x128/apps/$id.png" "$1" "$2" || true
    fi
}

fail() {
    printf 'install.sh: %s\n' "$1" >&2
    notify 'Sirocco is not installed' "$1"
    exit 1
}

# The processes that run the program of this folder.
running() {
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/exe" 2>/dev/null)" = "$1" ]; then
            printf '%s\n' "${process#/proc/}"
        fi
    done
}

# The path as the Exec line of a desktop file wants it: quoted for its command line, then as any string there.
quoted() {
    printf '%s' "$1" | sed 's/[\\"`$]/\\&/g; s/\\/\\\\/g; s/%/%%/g'
}

case $HOME in
    /*) ;;
    *) fail "HOME must be a whole path; it is '$HOME'" ;;
esac
if [ -e "$bin/sirocco" ] && [ ! -L "$bin/sirocco" ]; then
    fail "$bin/sirocco is there already and not ours; move it away, then try again"
fi
if ! "$here/sirocco/sirocco" --version >/dev/null 2>&1; then
    "$here/sirocco/sirocco" --version || true
    fail "this Sirocco doesn't run on this system; it needs @NEEDS@"
fi

if [ -x "$program" ] && [ -n "$(running "$program")" ]; then
    "$program" --quit >/dev/null 2>&1 || true
    waited=0
    while [ -n "$(running "$program")" ]; do
        [ "$waited" -lt 15 ] || fail "Sirocco still runs; close it, then try again"
        waited=$((waited + 1))
        sleep 1
    done
fi

mkdir -p "$HOME/.local/opt" "$bin" "$share"
rm -rf "$target.new"
trap 'rm -rf "$target.new"' EXIT
cp -R -p "$here/sirocco" "$target.new"
cp -p "$here/uninstall.sh" "$target.new/uninstall.sh"
rm -rf "$target.old"
if [ -e "$target" ]; then
    mv "$target" "$target.old"
fi
mv "$target.new" "$target"
rm -rf "$target.old"

(cd "$here/share" && find . -type f) | while IFS= read -r file; do
    mkdir -p "$(dirname -- "$share/$file")"
    cp "$here/share/$file" "$share/$file"
done
entry=$share/applications/$id.desktop
while IFS= read -r line; do
    case $line in
        Exec=sirocco*) printf 'Exec="%s"%s\n' "$(quoted "$program")" "${line#Exec=sirocco}" ;;
        *) printf '%s\n' "$line" ;;
    esac
done <"$here/share/applications/$id.desktop" >"$entry"
ln -sf "$program" "$bin/sirocco"

if command -v update-desktop-database >/dev/null 2>&1; then
    update-desktop-database -q "$share/applications" || true
fi
if command -v gtk-update-icon-cache >/dev/null 2>&1; then
    gtk-update-icon-cache -q -t -f "$share/icons/hicolor" || true
fi

printf 'Sirocco @VERSION@ is installed: it is in the menu of your desktop.\n'
case :$PATH: in
    *:"$bin":*) printf 'In a terminal it is: sirocco\n' ;;
    *) printf 'In a terminal it is: %s/sirocco\n' "$bin" ;;
esac
printf 'To remove it: %s/uninstall.sh\n' "$target"
notify 'Sirocco is installed' 'It is in the menu of your desktop.'
