package io.ketju.actors.run;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointFit;
import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.DamagedCheckpointException;
import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.checkpoint.ForeignCheckpointException;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.checkpoint.TemporaryRuns;
import io.ketju.actors.coordinator.WatchedEpochs;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.JobText;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.standby.StandbyRegistry;
import io.ketju.actors.trace.TraceFile;
import io.ketju.data.file.FileErrors;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import io.ketju.tensor.core.ArithmeticFingerprint;
import io.ketju.tensor.core.TensorCore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a run starts: its folder, its fencing number, the checkpoint it continues from. Everything that can be wrong
 * with these is found here, before any actor or port exists.
 *
 * @param temporary whether the folder goes away with the run
 * @param arithmetic what computes here, as checkpoints name it
 * @param copies of the folder, which others keep
 */
record RunSetup(
        TrainingJob job,
        RunDirectory directory,
        boolean temporary,
        RunTicket ticket,
        String arithmetic,
        Optional<Checkpoint> checkpoint,
        CheckpointStore store,
        StandbyRegistry copies) {
    private static final Logger LOG = LoggerFactory.getLogger(RunSetup.class);

    /**
     * Prepares a new or a resumed run; throws {@link InvalidJobException}.
     *
     * @param resumed gives the folder of a run that goes on, held
     * @param copies who keeps copies of the folder: nobody yet
     */
    static RunSetup prepare(
            TrainingJob job, TensorCore core, Function<Path, RunDirectory> resumed, StandbyRegistry copies) {
        TemporaryRuns.removeLeft();
        String arithmetic = ArithmeticFingerprint.of(core.kernels());
        boolean temporary = job.resume().isEmpty() && job.runDirectory().isEmpty();
        RunDirectory directory = job.resume()
                .map(resumed)
                .orElseGet(() -> RunDirectory.create(
                        job.runDirectory().orElseGet(RunSetup::temporaryFolder), JobText.print(job)));
        try {
            CheckpointFit fit = fit(job, arithmetic);
            Optional<Checkpoint> checkpoint = directory.newest(fit);
            if (job.resume().isPresent()) {
                directory.continueTo(job.epochs());
            }
            int incarnation = directory.nextIncarnation();
            CheckpointStore store = store(job, directory, incarnation, arithmetic, copies);
            if (checkpoint.isEmpty()) {
                StartingPoint.write(job, directory, store);
                checkpoint = directory.newest(fit);
            }
            RunTicket ticket = new RunTicket(JobHash.run(job, directory.path()), JobHash.connection(job), incarnation);
            return new RunSetup(job, directory, temporary, ticket, arithmetic, checkpoint, store, copies);
        } catch (RuntimeException | Error e) {
            abandon(job, directory);
            throw e;
        }
    }

    /**
     * The next start of the same run, of which this one has ended: first the fence, then what is behind it. Whatever the old one
     * still has under way is refused from then on.
     *
     * @param next the run's job, or that with another cut of its model, which is written down in the folder
     * @param behindTheFence may add a newer checkpoint than there is, by the start that is to come
     */
    RunSetup again(TrainingJob next, Consumer<RunSetup> behindTheFence) {
        int incarnation = directory.nextIncarnation();
        raise(next, incarnation);
        boolean cutAnew = !next.pipeline().partition().equals(job.pipeline().partition());
        if (cutAnew) {
            directory.cutAt(next.pipeline());
        }
        job.traces().ifPresent(TraceFile::removeFrom); // those of workers that the next start may not have
        RunTicket renewed =
                new RunTicket(ticket.job(), cutAnew ? JobHash.connection(next) : ticket.configHash(), incarnation);
        CheckpointStore writes = store(next, directory, incarnation, arithmetic, copies);
        if (!cutAnew) { // else the checkpoint of the moment is there
            behindTheFence.accept(
                    new RunSetup(next, directory, temporary, renewed, arithmetic, Optional.empty(), writes, copies));
        }
        Optional<Checkpoint> newest = directory.newest(fit(next, arithmetic));
        return new RunSetup(next, directory, temporary, renewed, arithmetic, newest, writes, copies);
    }

    private void raise(TrainingJob next, int incarnation) {
        try {
            copies.raise(directory.path(), incarnation, next.checkpoints().kept());
        } catch (IOException e) {
            throw new InvalidJobException(FileErrors.reason(e), e);
        }
    }

    private static CheckpointStore store(
            TrainingJob job, RunDirectory directory, int incarnation, String arithmetic, StandbyRegistry copies) {
        return new CheckpointStore(
                directory.checkpoints(),
                incarnation,
                JobHash.numbers(job),
                arithmetic,
                job.checkpoints().kept(),
                copies);
    }

    /** What a checkpoint must be for the job to go on from it. */
    static CheckpointFit fit(TrainingJob job, String arithmetic) {
        String own = JobHash.numbers(job);
        return found -> CheckpointFit.job(hash(job, own, found), arithmetic, job.totalSteps())
                .require(found);
    }

    /** What the job's hash was when the checkpoint was taken: of fewer epochs, it is the same up to there. */
    private static String hash(TrainingJob job, String own, Checkpoint found) {
        String hash = found.manifest().jobHash();
        if (hash.equals(own) || found.step() > job.totalSteps()) {
            return own;
        }
        int least = (int) Math.max(1, Math.ceilDiv(found.step(), job.stepsPerEpoch()));
        OptionalInt epochs = JobHash.epochs(job, hash, least);
        if (epochs.isPresent() && job.pipeline().recipe().dependsOnTotal()) {
            throw new ForeignCheckpointException("epochs: " + found.directory() + " is of a run of "
                    + Plural.of(epochs.getAsInt(), "epoch") + ", found " + job.epochs() + ", and "
                    + job.learningRateSchedule().spec()
                    + " gives other rates to every step of a longer run; a new run from the state of this one goes on"
                    + " from here: --from in place of --resume");
        }
        return epochs.isPresent() ? hash : own;
    }

    long completedSteps() {
        return checkpoint.map(Checkpoint::step).orElse(0L);
    }

    /** What goes by the run's epochs, as it was at its checkpoint. Throws if the checkpoint has something else. */
    WatchedEpochs watched() {
        String progress = checkpoint.map(found -> found.manifest().progress()).orElse("");
        try {
            return WatchedEpochs.of(job.pipeline().recipe(), job.bestEpoch(), progress);
        } catch (RuntimeException e) { // numbers that are none, or too few of them
            throw new DamagedCheckpointException(
                    checkpoint.map(Checkpoint::manifestFile).orElseThrow() + ": progress: expected that of the job's"
                            + " learning-rate schedules and best epoch, found '" + Excerpt.of(progress) + "'",
                    e);
        }
    }

    /** One line if another process has taken the run over, or begun it anew, since this start. */
    Optional<String> superseded() {
        OptionalInt latest = temporary ? OptionalInt.empty() : store.superseded();
        OptionalInt copied = copies.superseded();
        if (latest.isEmpty() && copied.isPresent()) {
            return Optional.of("run " + directory.path()
                    + " goes on elsewhere: a node that stood by has gone on from its" + " copy, with start "
                    + copied.getAsInt() + "; nothing of this start is kept from here on");
        }
        return latest.isEmpty()
                ? Optional.empty()
                : Optional.of("run " + directory.path() + " goes on elsewhere: this start, number "
                        + ticket.incarnation() + ", was superseded by start " + latest.getAsInt()
                        + "; nothing of it is kept from here on");
    }

    /** Tells those who stand by where the run is directed, and how it ended here. A run is worth more than that: what goes wrong is in the log. */
    void tellStandbys(String address, Optional<DriverNote.End> end) {
        if (!temporary) {
            try {
                directory.directedFrom(address, end);
            } catch (IOException e) {
                LOG.warn("nobody who stands by knows of this start: {}", e.getMessage());
            }
            if (copies.superseded().isEmpty()) { // else it is not for this process to say
                end.ifPresent(copies::ended);
            }
        }
    }

    /** The run could not be started: its folder is as it was before. */
    void abandon() {
        abandon(job, directory);
    }

    private static void abandon(TrainingJob job, RunDirectory directory) {
        if (job.resume().isPresent()) {
            directory.release();
        } else {
            directory.discard();
        }
    }

    /** Lets go of the folder, and removes a temporary one. A second call does nothing. */
    void cleanUp() {
        if (temporary && Files.exists(directory.path())) {
            directory.discard();
        } else {
            directory.release();
        }
    }

    private static Path temporaryFolder() {
        try {
            return TemporaryRuns.make();
        } catch (IOException e) {
            throw new InvalidJobException("no temporary folder for the run: " + e, e);
        }
    }
}
