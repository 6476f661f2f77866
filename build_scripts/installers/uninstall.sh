#!/bin/sh
# Removes the Sirocco that install.sh has installed. Chats and settings stay, unless their deletion is asked for.
set -eu

id=@APP_ID@
target=$HOME/.local/opt/sirocco
program=$target/sirocco
share=${XDG_DATA_HOME:-$HOME/.local/share}
config=${XDG_CONFIG_HOME:-$HOME/.config}
state=${XDG_STATE_HOME:-$HOME/.local/state}
cache=${XDG_CACHE_HOME:-$HOME/.cache}
bin=$HOME/.local/bin

usage() {
    printf 'usage: uninstall.sh [--keep-chats | --delete-chats]\n' >&2
    exit 2
}

running() {
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/exe" 2>/dev/null)" = "$1" ]; then
            printf '%s\n' "${process#/proc/}"
        fi
    done
}

# Where a file manager has started this, nobody sees what it writes.
notify() {
    if [ ! -t 1 ] && command -v notify-send >/dev/null 2>&1; then
        timeout 5 notify-send "$1" "$2" || true
    fi
}

answer=
case $# in
    0) ;;
    1)
        case $1 in
            --keep-chats) answer=n ;;
            --delete-chats) answer=y ;;
            *) usage ;;
        esac
        ;;
    *) usage ;;
esac

if [ -x "$program" ] && [ -n "$(running "$program")" ]; then
    "$program" --quit >/dev/null 2>&1 || true
    waited=0
    while [ -n "$(running "$program")" ]; do
        if [ "$waited" -ge 15 ]; then
            printf 'uninstall.sh: Sirocco still runs; close it, then try again\n' >&2
            notify 'Sirocco is not removed' 'It still runs; close it, then try again.'
            exit 1
        fi
        waited=$((waited + 1))
        sleep 1
    done
fi

if [ -z "$answer" ] && [ -t 0 ] && [ -e "$share/sirocco" ]; then
    printf 'Delete your chats and settings as well? They are in %s. [y/N] ' "$share/sirocco"
    read -r answer || answer=
fi

if [ "$(readlink "$bin/sirocco" 2>/dev/null)" = "$program" ]; then
    rm -f "$bin/sirocco"
fi
if grep -qF "$program" "$config/autostart/$id.desktop" 2>/dev/null; then
    rm -f "$config/autostart/$id.desktop"
fi
while IFS= read -r file; do
    rm -f "$share/$file"
done <<'FILES'
@FILES@
FILES
rm -rf "$target"
# Logs and caches are nobody's work: they go with the program.
rm -rf "$state/sirocco" "$cache/sirocco"
if command -v update-desktop-database >/dev/null 2>&1; then
    update-desktop-database -q "$share/applications" || true
fi
if command -v gtk-update-icon-cache >/dev/null 2>&1; then
    gtk-update-icon-cache -q -t -f "$share/icons/hicolor" || true
fi

case $answer in
    [yY]*)
        rm -rf "$share/sirocco" "$config/sirocco"
        printf 'Sirocco is removed, with all chats and settings. Keys, if you saved any, are in your keyring.\n'
        ;;
    *)
        printf 'Sirocco is removed.\n'
        notify 'Sirocco is removed' 'Your chats and settings stay where they are.'
        if [ -e "$share/sirocco" ]; then
            printf 'Your chats and settings stay in %s and %s; Sirocco finds them again when it is installed.\n' \
                "$share/sirocco" "$config/sirocco"
        fi
        ;;
esac
