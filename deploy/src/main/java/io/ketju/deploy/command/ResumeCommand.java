package io.ketju.deploy.command;

import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.WorkerLostException;
import io.ketju.deploy.display.Invocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run that lost a worker goes on.
 *
 * @param flags what the command needs beside {@code --resume RUN}
 */
record ResumeCommand(List<String> flags) {
    /** In this JVM alone, which serves every run. */
    static final ResumeCommand HERE = new ResumeCommand(List.of());

    ResumeCommand {
        flags = List.copyOf(flags);
    }

    /** The failure of a lost worker with the command that goes on; a run that is not kept has none. */
    TrainingFailedException suggestedIn(WorkerLostException failure, TrainingJob job) {
        String next = job.runDirectory()
                .map(run -> "; go on with " + Invocation.ofProcess().of(arguments(run)))
                .orElse("");
        return new TrainingFailedException(failure.getMessage() + next, failure);
    }

    private List<String> arguments(Path run) {
        List<String> arguments = new ArrayList<>(List.of("train", "--resume", run.toString()));
        arguments.addAll(flags);
        return arguments;
    }
}
