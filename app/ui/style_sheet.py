"""The style sheet of what Qt paints itself: fields, menus, tooltips, scroll bars.

Names between at-signs are tokens. Everything else (buttons, rows, switches, cards, rings) is painted by its
widget, because a style sheet is matched against every widget that is made. No rule here names a bare
QWidget: it would take the fonts away that widgets set.
"""

STYLE_SHEET = """
QLineEdit, QSpinBox, QComboBox {
    min-height: 32px; border: 1px solid @line.field@; border-radius: 8px; padding: 0 9px;
    background: @bg.surface@; color: @text.primary@;
    selection-background-color: @fill.text@; selection-color: @text.primary@; }
QLineEdit:focus, QSpinBox:focus, QComboBox:focus {
    border: 2px solid @line.focus@; padding: 0 8px; min-height: 30px; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled {
    border-color: @line.hair@; color: @text.disabled@; }
QLineEdit[state="bad"] { border: 2px solid @danger.text@; padding: 0 8px; min-height: 30px; }
QLineEdit[kind="inline"], QLineEdit[kind="inline"]:focus { min-height: 0; padding: 0 6px; }
QLineEdit[kind="panel"] { min-height: 30px; }
QLineEdit[kind="panel"]:focus { min-height: 28px; }
QLineEdit[kind="bare"], QLineEdit[kind="bare"]:focus { border: 0; padding: 0; background: transparent; }
QComboBox::drop-down { border: 0; width: 26px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView {
    background: @bg.surface@; border: 1px solid @line.field@; padding: 4px; outline: 0;
    selection-background-color: @fill.selected@; selection-color: @text.primary@; }
QComboBox QAbstractItemView::item { min-height: 30px; padding: 0 6px; border-radius: 6px; }
QMenu { background: @bg.surface@; border: 1px solid @line.field@; border-radius: 10px; padding: 5px; }
QMenu::item { height: 30px; padding: 0 14px 0 9px; border-radius: 6px; color: @text.primary@; }
QMenu::item:selected { background: @fill.selected@; color: @text.primary@; }
QMenu::item:disabled { color: @text.disabled@; background: transparent; }
QMenu::icon { padding-left: 9px; }
QMenu::separator { height: 1px; background: @line.hair@; margin: 4px; }
QToolTip { background: @bg.tooltip@; color: @text.onTooltip@; border: 0; padding: 4px 8px; font-size: 12px; }
QScrollBar:vertical { width: 12px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 12px; background: transparent; margin: 0; }
QScrollBar::handle:vertical { background: @fill.track@; border-radius: 4px; margin: 2px; min-height: 40px; }
QScrollBar::handle:horizontal { background: @fill.track@; border-radius: 4px; margin: 2px; min-width: 40px; }
QScrollBar::handle:hover { background: @line.field@; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
