; A program for Windows that stands in for the app where the installer is tried: it runs until it is told to quit,
; says what happens to it in files, and knows --quit and --version.

Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
!include FileFunc.nsh
!include LogicLib.nsh
Name "stand-in"
OutFile "${OUTFILE}"
Section
  ${GetParameters} $0
  ${If} $0 == "--quit"
    ${If} ${FileExists} "$LOCALAPPDATA\deaf"
      SetErrorLevel 0
      Quit
    ${EndIf}
    FileOpen $1 "$LOCALAPPDATA\told-to-quit" w
    FileClose $1
    SetErrorLevel 0
    Quit
  ${EndIf}
  ${If} $0 == "--version"
    SetErrorLevel 0
    Quit
  ${EndIf}
  FileOpen $1 "$LOCALAPPDATA\started" w
  FileClose $1
  ${DoUntil} ${FileExists} "$LOCALAPPDATA\told-to-quit"
    Sleep 50
  ${Loop}
SectionEnd
