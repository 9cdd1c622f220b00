@echo off
rem Starts the dfc command line on the Java runtime that came with it.
setlocal
set "home=%~dp0.."
set "class_path=%home%\lib\dfc.jar"
if defined DFC_CLASS_PATH set "class_path=%class_path%;%DFC_CLASS_PATH%"
"%home%\runtime\bin\java.exe" -XX:+UseParallelGC -Xshare:auto -Xlog:cds*=off -Xlog:aot*=off "-XX:SharedArchiveFile=%home%\lib\classes.jsa" %DFC_JAVA_OPTS% --add-modules jdk.incubator.vector -cp "%class_path%" io.dfc.bench.cli.Main %*
exit /b %errorlevel%
