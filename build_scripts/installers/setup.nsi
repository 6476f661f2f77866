; The installer of Windows: for the person who runs it, without an administrator.
;
; makensis gets: VERSION, NUMBERS (VERSION as four numbers), PAYLOAD (the frozen app), ICON, SIDE (a picture), OUTFILE;
; HOMEPAGE and SIGN (a command that signs the file named after it) where there are any; FAST for a quick build.

Unicode true
Target amd64-unicode
!ifdef FAST
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh

!define PROGRAM "sirocco.exe"
; The same program for terminals, which has standard streams.
!define TWIN "sirocco-cli.exe"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Sirocco"
!define PATH_KEY "Software\Microsoft\Windows\CurrentVersion\App Paths\${PROGRAM}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define DATA "$LOCALAPPDATA\sirocco"
!define STILL_RUNS 3
!define NOT_COPIED 4

Name "Sirocco"
OutFile "${OUTFILE}"
InstallDir "$LOCALAPPDATA\Programs\Sirocco"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
BrandingText "Sirocco ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey ProductName "Sirocco"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installs Sirocco"
VIAddVersionKey CompanyName "The Sirocco authors"
VIAddVersionKey LegalCopyright "The Sirocco authors, MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_FINISHPAGE_TITLE "Sirocco is installed"
!define MUI_FINISHPAGE_TEXT "You find it in the Start menu."
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!define MUI_FINISHPAGE_RUN_TEXT "Start Sirocco"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!ifdef SIGN
  !uninstfinalize `${SIGN} "%1"`
!endif

; Windows opens no program for writing that runs.
!macro IS_IN_USE NAME
  ClearErrors
  ${If} ${FileExists} "$INSTDIR\${NAME}"
    FileOpen $R2 "$INSTDIR\${NAME}" a
    ${If} ${Errors}
      StrCpy $R1 "yes"
    ${Else}
      FileClose $R2
    ${EndIf}
  ${EndIf}
!macroend
!macro CLOSE_RUNNING PREFIX
  Function ${PREFIX}IsRunning
    StrCpy $R1 "no"
    !insertmacro IS_IN_USE "${PROGRAM}"
    !insertmacro IS_IN_USE "${TWIN}"
    ClearErrors
  FunctionEnd

  Function ${PREFIX}CloseRunning
    Call ${PREFIX}IsRunning
    ${If} $R1 == "no"
      Return
    ${EndIf}
    DetailPrint "Closing Sirocco"
    ExecWait '"$INSTDIR\${PROGRAM}" --quit'
    StrCpy $R0 0
    ${Do}
      Call ${PREFIX}IsRunning
      ${If} $R1 == "no"
        Return
      ${EndIf}
      IntOp $R0 $R0 + 1
      ${If} $R0 > 60
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Sirocco still runs. Close it, then choose Retry." \
          /SD IDCANCEL IDRETRY again
        SetErrorLevel ${STILL_RUNS}
        Quit
        again:
        StrCpy $R0 0
      ${EndIf}
      Sleep 250
    ${Loop}
  FunctionEnd
!macroend
!insertmacro CLOSE_RUNNING ""
!insertmacro CLOSE_RUNNING "un."

Section
  SetShellVarContext current
  Call CloseRunning

  ; Beside what is there, so that a full disk leaves that whole.
  RMDir /r "$INSTDIR.new"
  ClearErrors
  SetOutPath "$INSTDIR.new"
  File /r "${PAYLOAD}\*"
  ${If} ${Errors}
    SetOutPath "$TEMP"
    RMDir /r "$INSTDIR.new"
    MessageBox MB_OK|MB_ICONSTOP "Sirocco could not be copied to $INSTDIR." /SD IDOK
    SetErrorLevel ${NOT_COPIED}
    Quit
  ${EndIf}
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\${PROGRAM}"
  Delete "$INSTDIR\${TWIN}"
  Rename "$INSTDIR.new\_internal" "$INSTDIR\_internal"
  Rename "$INSTDIR.new\${PROGRAM}" "$INSTDIR\${PROGRAM}"
  Rename "$INSTDIR.new\${TWIN}" "$INSTDIR\${TWIN}"
  RMDir /r "$INSTDIR.new"
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONSTOP "Sirocco could not be put into $INSTDIR." /SD IDOK
    SetErrorLevel ${NOT_COPIED}
    Quit
  ${EndIf}

  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Sirocco.lnk" "$INSTDIR\${PROGRAM}" "" "$INSTDIR\${PROGRAM}" 0

  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "Sirocco"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The Sirocco authors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" "$0"
!ifdef HOMEPAGE
  WriteRegStr HKCU "${UNINSTALL_KEY}" "URLInfoAbout" "${HOMEPAGE}"
!endif
  WriteRegStr HKCU "${PATH_KEY}" "" "$INSTDIR\${PROGRAM}"
SectionEnd

Section "Uninstall"
  SetShellVarContext current
  Call un.CloseRunning

  ; What is ours, by name: the folder may hold things of somebody else.
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\${PROGRAM}"
  Delete "$INSTDIR\${TWIN}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Sirocco.lnk"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "${PATH_KEY}"
  DeleteRegValue HKCU "${RUN_KEY}" "Sirocco"
  DeleteRegValue HKCU "${APPROVED_KEY}" "Sirocco"

  ; Logs and caches are nobody's work: they go with the program.
  RMDir /r "${DATA}\logs"
  RMDir /r "${DATA}\Cache"
  ${If} ${FileExists} "${DATA}\*.*"
    MessageBox MB_YESNO|MB_ICONQUESTION "Keep your chats and settings?$\r$\n$\r$\n\
They are in ${DATA}; Sirocco finds them again when it is installed. \
Keys are in the Windows Credential Manager and stay there." /SD IDYES IDYES keep
      RMDir /r "${DATA}"
    keep:
  ${EndIf}
SectionEnd
