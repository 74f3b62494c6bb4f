package io.ketju.deploy.command;

import io.ketju.actors.Ketju;
import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.deploy.display.Invocation;
import io.ketju.deploy.display.Terminal;
import io.ketju.records.text.Units;
import io.ketju.tensor.Plural;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A run that has nothing left to do. */
final class CompleteRun {
    private CompleteRun() {}

    /**
     * Says so and where everything is; nothing is added to the run.
     *
     * @param job which continues it
     * @param last its last checkpoint
     */
    static int tell(Terminal terminal, TrainingJob job, Path folder, Checkpoint last) {
        Path weights = RunDirectory.open(folder).weights();
        if (!Files.exists(weights)) {
            try (Training training = Ketju.start(job)) {
                training.await();
            }
        }
        Invocation ketju = Invocation.ofProcess();
        terminal.print(List.of(folder + ": already complete, " + Units.count(last.step()) + " of "
                + Units.count(job.totalSteps()) + " " + Plural.word(job.totalSteps(), "step")
                + (last.step() < job.totalSteps() ? ", as early stopping ended it" : "") + "; the weights are in "
                + weights + "; "
                + ketju.of("evaluate", folder) + " measures them, " + ketju.of("train", "--from", folder)
                + " with other settings trains them further"));
        return CommandLineInterface.OK;
    }
}
