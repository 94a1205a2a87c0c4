@echo off
rem Runs Headroom's command on the editor's own Node, which HEADROOM_NODE names in Headroom's terminals.
setlocal
if not exist "%HEADROOM_NODE%" goto other
set "ELECTRON_RUN_AS_NODE=1"
"%HEADROOM_NODE%" --expose-gc "%~dp0..\cli.cjs" %*
exit /b %ERRORLEVEL%
:other
node --expose-gc "%~dp0..\cli.cjs" %*
exit /b %ERRORLEVEL%
