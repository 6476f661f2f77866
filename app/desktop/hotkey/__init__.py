"""The ways in which the systems let an app hear a chord that is pressed in any other."""
