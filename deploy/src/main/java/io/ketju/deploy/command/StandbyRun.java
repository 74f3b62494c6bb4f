package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Runs;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.Standby;
import io.ketju.cluster.node.StandbyNode;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.StopOnSignal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code ketju train --standby}: beside the driver of a run, which it follows if that is lost. */
final class StandbyRun {
    private final JobOptions jobFlags;
    private final RunOptions runFlags;
    private final boolean resumed;
    private final Path folder;
    private final TrainingJob job;

    private StandbyRun(JobOptions jobFlags, RunOptions runFlags, boolean resumed, Path folder, TrainingJob job) {
        this.jobFlags = jobFlags;
        this.runFlags = runFlags;
        this.resumed = resumed;
        this.folder = folder;
        this.job = job;
    }

    /**
     * Throws {@link InvalidJobException} if there is no such run, nor can be, or it is one of another job.
     *
     * @param resumed the folder of a run that is there; empty: the flags, or the job file, say where the driver begins one
     */
    static StandbyRun of(JobOptions jobFlags, RunOptions runFlags, Optional<Path> resumed) {
        if (resumed.isPresent()) {
            Path folder = resumed.get();
            JobSettings settings = runFlags.placed(
                    jobFlags.settingsOf(RunDirectory.open(folder).jobFile()), folder);
            return checked(
                    new StandbyRun(jobFlags, runFlags, true, folder, JobAssembly.build(settings, Optional.of(folder))));
        }
        JobSettings settings = jobFlags.settings();
        runFlags.requireNamed(settings);
        TrainingJob job = JobAssembly.build(runFlags.placed(settings), Optional.empty());
        Path folder = job.runDirectory().orElseThrow();
        StandbyRun run = checked(new StandbyRun(jobFlags, runFlags, false, folder, job));
        if (run.begun()) {
            run.continued();
        } else {
            requireUsable(folder);
        }
        return run;
    }

    private static StandbyRun checked(StandbyRun run) {
        ClusterFlags.requireUntraced(run.job);
        return run;
    }

    /** What is not there yet comes to be there: the run, or a copy of it. */
    private static void requireUsable(Path folder) {
        RunDirectory.requireUsable(folder);
        Path parent = folder.toAbsolutePath().normalize().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new InvalidJobException(
                    "--standby: expected the folder of the run, or that in which it, or a copy of it, will be, found no"
                            + " folder " + parent + " here");
        }
    }

    private boolean begun() {
        return Files.isRegularFile(RunDirectory.jobFileIn(folder));
    }

    /** The job. */
    TrainingJob job() {
        return job;
    }

    /** The job as the run's folder has it, continued, with the flags over it. Throws if that is another one. */
    private TrainingJob continued() {
        Path file = RunDirectory.open(folder).jobFile();
        TrainingJob begun = inFolder(JobFile.read(file).without(JobKey.THREADS));
        TrainingJob flagged = inFolder(jobFlags.settingsIn(file));
        TrainingJob wanted = resumed ? flagged : job;
        if (!JobHash.numbers(begun).equals(JobHash.numbers(wanted))) {
            throw new InvalidJobException("--standby: expected a run of this very job in " + folder
                    + ", found one of another job; stand by with the job and the flags that it was started with, or with"
                    + " --resume " + folder);
        }
        return flagged;
    }

    private TrainingJob inFolder(JobSettings settings) {
        return JobAssembly.build(runFlags.goingOn(settings, folder), Optional.of(folder));
    }

    /**
     * Waits, and goes on with the run if its driver is lost; the exit code.
     *
     * @param options for the node, and for the run
     * @param resume how the run goes on if it fails here
     */
    int await(Terminal terminal, ClusterOptions options, ResumeCommand resume) {
        try (StopOnSignal signal = StopOnSignal.install(TerminalRun.STOP_PATIENCE);
                StandbyNode node = StandbyNode.join(options, job, folder)) {
            Standby standby = new Standby(node, folder, what -> say(terminal, what));
            signal.stops(reason -> standby.stop());
            return switch (standby.await()) {
                case Standby.Stopped stopped -> CommandLineInterface.OK;
                case Standby.CutOff cut ->
                    throw new TrainingFailedException("standby for " + folder + ": this node is not in the cluster any"
                            + " more: it was cut off, or stood still for too long; start it again");
                case Standby.Over over -> over(terminal, over.end());
                case Standby.Taken taken -> {
                    try {
                        say(terminal, taken.line() + "; goes on with the run from here");
                        yield goOn(terminal, signal, node, taken.held(), resume);
                    } finally {
                        taken.held().release();
                    }
                }
            };
        }
    }

    private void say(Terminal terminal, String what) {
        terminal.print(List.of("standby for " + folder + ": " + what));
        terminal.out().flush();
    }

    private int over(Terminal terminal, DriverNote.End end) {
        switch (end.outcome()) {
            case COMPLETE -> {
                say(terminal, "the run is complete, nothing is left to do");
                TrainingJob there = continued();
                Runs.completed(there).ifPresent(last -> CompleteRun.tell(terminal, there, folder, last));
            }
            case STOPPED -> say(terminal, "its driver was stopped (" + end.line() + "), nothing is taken over");
            case FAILED ->
                throw new TrainingFailedException("standby for " + folder + ": its driver ended with what would end"
                        + " another one too: " + end.line());
        }
        return CommandLineInterface.OK;
    }

    private int goOn(
            Terminal terminal, StopOnSignal signal, StandbyNode node, RunDirectory held, ResumeCommand resume) {
        TrainingJob there = continued();
        Optional<Checkpoint> last = Runs.completed(there);
        if (last.isPresent()) {
            held.release(); // whoever wrote the last checkpoint had no time for the weights
            return CompleteRun.tell(terminal, there, folder, last.get());
        }
        return new TerminalRun(terminal, there, resume, runFlags)
                .run(signal, listeners -> KetjuCluster.takeOver(there, held, node, listeners));
    }
}
