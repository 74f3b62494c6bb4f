package io.ketju.deploy.command;

import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.display.JobHeader;
import io.ketju.deploy.display.Machine;
import io.ketju.deploy.display.PlanText;
import io.ketju.deploy.display.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ketju plan}: everything about a run that is known before it starts. */
@Command(
        name = "plan",
        description = "Show a job's stages, memory and schedule, and train nothing.",
        sortOptions = false,
        optionListHeading = "%nOptions (each wins over the job file):%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju plan",
            "  ketju plan jobs/mnist.conf --stages 3",
            "  ketju plan --schedule GPipe --microbatches 4"
        })
final class PlanCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final JobOptions job = new JobOptions();

    PlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        TrainingJob planned = JobAssembly.build(job.settings());
        terminal.printText(JobHeader.lines("Plan of", planned, Machine.describe(planned.threads())));
        terminal.print(PlanText.lines(planned, terminal));
        return CommandLineInterface.OK;
    }
}
