package io.ketju.deploy.command;

import io.ketju.deploy.display.Checkup;
import io.ketju.deploy.display.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ketju doctor}: whether this machine has what training takes. */
@Command(
        name = "doctor",
        description = "Check Java, processors, memory, folders and ports of this machine, and say what to change.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer = "  ketju doctor")
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Checkup.Finding> findings = Checkup.all();
        terminal.printText(Checkup.lines(findings));
        terminal.printText(List.of("", Checkup.verdict(findings)));
        return findings.stream().anyMatch(finding -> finding.state() == Checkup.State.BROKEN)
                ? CommandLineInterface.FAILED
                : CommandLineInterface.OK;
    }
}
