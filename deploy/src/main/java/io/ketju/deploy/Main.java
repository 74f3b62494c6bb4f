package io.ketju.deploy;

import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.LogFile;
import io.ketju.deploy.launch.ParentWatch;
import io.ketju.deploy.launch.StandardError;

/** The process behind {@code ketju}. It alone ends the JVM. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        ParentWatch.begin(arguments);
        StandardError.restore();
        LogFile.openTemporary();
        LogFile.catchUncaught();
        Terminal terminal = Terminal.ofProcess(System.getenv());
        int exitCode = CommandLineInterface.create(terminal).execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        LogFile.close();
        System.exit(exitCode);
    }
}
