@echo off
rem Runs nn from this folder: finds a JDK 25, builds on first use, starts the program. See the script "nn".
rem After a change of the sources run "mvn -DskipTests package", or delete compiler\target: unlike the script for
rem Unix this one does not look for newer sources.
setlocal EnableDelayedExpansion
set "root=%~dp0"
set "root=%root:~0,-1%"
set "target=%root%\compiler\target"

set "jdk="
if defined JAVA_HOME call :consider "%JAVA_HOME%"
for /f "delims=" %%j in ('where java 2^>nul') do if not defined jdk call :consider "%%~dpj.."
for /d %%d in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk*" ^
  "%ProgramFiles%\Zulu\*" "%USERPROFILE%\.jdks\*" "%USERPROFILE%\.sdkman\candidates\java\*") do (
  if not defined jdk call :consider "%%~d"
)
if not defined jdk (
  echo nn: needs a JDK 25 or later, and found none in JAVA_HOME, on the PATH, or in the usual folders. 1>&2
  echo nn: install one, for example: winget install EclipseAdoptium.Temurin.25.JDK 1>&2
  exit /b 1
)

if not exist "%target%\launcher\built" (
  where mvn >nul 2>nul || (
    echo nn: must be built first, and that needs Maven 3.8 or later ^(maven.apache.org^). 1>&2
    exit /b 1
  )
  echo nn: building ^(first use; Maven may have to download its plugins^) 1>&2
  if not exist "%target%\launcher" mkdir "%target%\launcher"
  pushd "%root%"
  set "JAVA_HOME=%jdk%"
  call mvn -B -ntp -pl compiler -am -Dmaven.test.skip=true package >"%target%\launcher\build.log" 2>&1
  if errorlevel 1 (
    echo nn: the build failed; the whole log is in %target%\launcher\build.log 1>&2
    popd
    exit /b 1
  )
  popd
)

set "classes="
for %%j in ("%target%\*.jar" "%target%\lib\*.jar") do set "classes=!classes!;%%~j"

rem What is over at once gets a JVM without the Vector API; a prediction with much to compute starts this file again,
rem with NN_VECTORS set. See the script "nn".
set "kind=usual"
for %%c in (check fmt doc data new diff draw plot help generate-completion explain predict) do if "%~1"=="%%c" set "kind=quick"
set "first=%~1"
if "%first%"=="" set "kind=quick"
if "%first:~0,1%"=="-" set "kind=quick"
set words= %* %NN_JAVA_OPTIONS% %JAVA_TOOL_OPTIONS% %JDK_JAVA_OPTIONS%
for %%w in (" --device" " --interpret" " @" " -XX:" " --add-") do (
  if not "!words:%%~w=!"=="!words!" set "kind=usual"
)
if defined NN_VECTORS set "kind=usual"
set "args=jvm.args"
set "launcher="
set "startup=usual.jsa"
set "option=SharedArchiveFile"
rem With few cores HotSpot has one thread for its second compiler, and a training waits for that with one core.
set "compilers="
rem A training has its program compiled by a process with the JVM of short commands.
set compiling="-Dnn.compiler.options=%root%\.ci\jvm-quick.args"
if exist "%target%\launcher\quick.aot" set compiling=%compiling% "-Dnn.compiler.cache=%target%\launcher\quick.aot"
if %NUMBER_OF_PROCESSORS% lss 4 set "compilers=-XX:CICompilerCount=3"
if %kind%==quick (
  set "args=jvm-quick.args"
  set launcher="-Dnn.launcher=%~f0"
  set "startup=quick.aot"
  set "option=AOTCache"
  set "compilers="
  set "compiling="
)
set "cache="
if exist "%target%\launcher\%startup%" set cache="-XX:%option%=%target%\launcher\%startup%"

"%jdk%\bin\java" "@%root%\.ci\%args%" %compilers% %compiling% %launcher% %cache% "-Dnn.home=%root%" "-Dnn.cache=%LOCALAPPDATA%\nnlang" %NN_JAVA_OPTIONS% ^
  -cp "%classes:~1%" dev.nnlang.compiler.cli.Main %*
exit /b %errorlevel%

rem Sets jdk to folder %1 where its file "release" names Java 25 or later.
:consider
if not exist "%~1\bin\javac.exe" goto :eof
if not exist "%~1\release" goto :eof
for /f "tokens=2 delims==." %%v in ('findstr /b "JAVA_VERSION=" "%~1\release"') do (
  set "major=%%v"
  set "major=!major:"=!"
  if !major! geq 25 set "jdk=%~f1"
)
goto :eof
