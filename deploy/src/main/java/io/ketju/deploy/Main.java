package io.ketju.deploy;

import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.LogFile;
import io.ketju.deploy.launch.ParentWatch;
import io.ketju.deploy.launch.StandardError;
import io.ketju.deploy.launch.TerminalSize;

/** The process behind {@code ketju}. It alone ends the JVM. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        ParentWatch.begin(arguments);
        StandardError.restore();
        LogFile.start(LogFile.ofUser(System.getenv()));
        LogFile.catchUncaught();
        Terminal terminal = Terminal.ofProcess(System.getenv(), new TerminalSize()::columns);
        int exitCode = CommandLineInterface.execute(terminal, arguments);
        terminal.out().flush();
        terminal.err().flush();
        LogFile.close();
        System.exit(exitCode);
    }
}
