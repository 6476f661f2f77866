"""A screen that becomes smaller, as when a projector is plugged in: Xvfb by RANDR."""

from __future__ import annotations

from Xlib import display
from Xlib.ext import randr


def make_smaller(display_name: str, width: int, height: int) -> None:
    """Give the only screen of the server fewer px than it has."""
    server = display.Display(display_name)
    try:
        root = server.screen().root
        known = root.xrandr_get_screen_resources()
        (crtc,), (output,) = known.crtcs, known.outputs
        name = f"{width}x{height}"
        mode = {**known.modes[0]._data, "id": 0, "width": width, "height": height, "name_length": len(name)}
        number = root.xrandr_create_mode(mode, name).mode
        server.xrandr_add_output_mode(output, number)
        at = root.xrandr_get_screen_resources().config_timestamp
        server.xrandr_set_crtc_config(crtc, at, 0, 0, number, randr.Rotate_0, [output])
        root.xrandr_set_screen_size(width, height, width // 4, height // 4)
        server.sync()
    finally:
        server.close()
