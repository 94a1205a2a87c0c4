@echo off
rem Runs Headroom's command on the editor's own Node, which HEADROOM_NODE names in Headroom's terminals.
setlocal
rem They make Node load other code or print requests, and are meant for the user's programs.
for %%v in (NODE_OPTIONS NODE_PATH NODE_COMPILE_CACHE NODE_REPL_EXTERNAL_MODULE NODE_V8_COVERAGE NODE_DEBUG NODE_DEBUG_NATIVE OPENSSL_CONF SSLKEYLOGFILE NODE_USE_SYSTEM_CA) do set "%%v="
rem Without it, cmd.exe would run a node.exe of the current folder.
set "NoDefaultCurrentDirectoryInExePath=1"
if not exist "%HEADROOM_NODE%" goto other
set "ELECTRON_RUN_AS_NODE=1"
"%HEADROOM_NODE%" --expose-gc "%~dp0..\cli.cjs" %*
exit /b %ERRORLEVEL%
:other
node --expose-gc "%~dp0..\cli.cjs" %*
exit /b %ERRORLEVEL%
