package io.ketju.actors.checkpoint;

import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.data.file.DurableFile;
import io.ketju.data.file.FileErrors;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.Recompute;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one run.
 *
 * <pre>
 * job.conf             the job, as it was started
 * lock                 who writes here: one process at a time
 * incarnation          how often the run was started: the fencing number
 * copy                 there as long as the folder is that of a RunCopy
 * driver               where the process is that directs it over a cluster, and how it left
 * checkpoints/         step-000000079/manifest.json and one shard per stage
 * model.safetensors    the final weights under their global names, once the run is done
 * best.safetensors     those of the best epoch, of a run that keeps it
 * </pre>
 *
 * Whoever starts a run holds its folder, from {@link #create} or {@link #reopen} until {@link #release}. Reading needs
 * nothing of the kind: see {@link #open}.
 */
public final class RunDirectory {
    static final String JOB = "job.conf";
    static final String WEIGHTS = "model.safetensors";
    static final String BEST_WEIGHTS = "best.safetensors";
    private static final Pattern EPOCHS = line(JobKey.EPOCHS);
    private static final Pattern BOUNDS = line(JobKey.STAGE_BOUNDS);
    private static final Pattern RECOMPUTE = line(JobKey.RECOMPUTE);
    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);

    private final Path path;
    private final @Nullable RunLock lock;

    RunDirectory(Path path, @Nullable RunLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the folder of a new run and holds it.
     *
     * @param path absent or empty; folders above it are made too
     * @param job text of {@code job.conf}
     * @return held until {@link #release}
     * @throws InvalidJobException if it cannot be made or holds files, also when somebody else was faster
     */
    public static RunDirectory create(Path path, String job) {
        requireUsable(path);
        try {
            DurableFile.makeFolders(path);
        } catch (IOException e) {
            throw cannotBeMade(path, e);
        }
        RunLock lock = RunLock.acquire(path);
        try {
            // Between the look and the lock another run may have come, and gone.
            requireEmpty(path);
            write(path.resolve(JOB), job);
            return new RunDirectory(path, lock);
        } catch (IOException e) {
            lock.close();
            throw cannotBeMade(path, e);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Throws {@link InvalidJobException} if {@link #create} would; makes nothing.
     * @param path of the folder to be
     */
    public static void requireUsable(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new InvalidJobException(
                    "run directory " + path + ": expected a folder, found a file; choose another");
        }
        if (Files.isDirectory(path)) {
            requireEmpty(path);
        }
        Path existing = path.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new InvalidJobException("run directory " + path + ": " + existing
                    + " is not a folder that may be written to; choose another with --run-dir");
        }
    }

    /**
     * {@return the folder of a run that was started before, to look at} Throws {@link InvalidJobException} if it is none.
     * @param path of the folder
     */
    public static RunDirectory open(Path path) {
        StartedRun.require(path);
        return new RunDirectory(path, null);
    }

    /**
     * {@return the folder of a run that goes on, held} Throws {@link InvalidJobException} if it is none, or in use.
     * @param path of the folder
     */
    public static RunDirectory reopen(Path path) {
        StartedRun.require(path);
        return new RunDirectory(path, RunLock.acquire(path));
    }

    /**
     * The folder of a run whose process is lost, held, whether or not that still lives; from then on that process raises no fencing
     * number and tells nothing of the run. Throws {@link InvalidJobException} if it is no run.
     *
     * @param path of the folder
     * @param seen how it was when its process was given up for lost
     * @return empty if the run is not as it was seen any more, or somebody else was faster
     */
    public static Optional<RunDirectory> takeOver(Path path, RunSight seen) {
        StartedRun.require(path);
        return RunLock.takeOver(
                        path, last -> RunSight.inside(path, seen.held(), last).equals(seen))
                .map(lock -> new RunDirectory(path, lock));
    }

    /** {@return the run's folder, as it was given} */
    public Path path() {
        return path;
    }

    /** {@return where its job lies, as it was started} */
    public Path jobFile() {
        return jobFileIn(path);
    }

    /**
     * {@return where the job of a run in a folder is, or will be}
     * @param folder of the run
     */
    public static Path jobFileIn(Path folder) {
        return folder.resolve(JOB);
    }

    /** {@return the folder of all its checkpoints; absent before the first} */
    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** {@return the file of the final weights, once the run is done; of a run that restores its best ones, those} */
    public Path weights() {
        return path.resolve(WEIGHTS);
    }

    /** {@return the file of the best epoch's weights, once the run is done, where they are not those of {@link #weights}} */
    public Path bestWeights() {
        return path.resolve(BEST_WEIGHTS);
    }

    /** {@return the newest sound checkpoint, whatever job it is of; as {@link #newest(CheckpointFit)}} */
    public Optional<Checkpoint> newest() {
        return newest(CheckpointFit.ANY);
    }

    /** {@return the best epoch so far, which the newest checkpoint names; empty for a run that keeps none, or has none yet} */
    public Optional<BestEpoch> bestEpoch() {
        return newest().flatMap(found -> BestEpoch.in(found.manifest().progress()));
    }

    /** {@return the checkpoint of the best epoch} Throws {@link InvalidJobException} if there is none, or it is damaged. */
    public Checkpoint best() {
        BestEpoch named = bestEpoch()
                .orElseThrow(() -> new InvalidJobException(path + ": no best checkpoint; a job keeps one that says "
                        + JobKey.BEST_CHECKPOINT.path() + " = \"BestCheckpoint(accuracy)\", or "
                        + JobKey.EARLY_STOPPING.path()));
        return best(named);
    }

    private Checkpoint best(BestEpoch named) {
        Path folder = CheckpointStore.directory(checkpoints(), named.step());
        try {
            return new Checkpoint(folder, CheckpointReader.verify(folder));
        } catch (DamagedCheckpointException e) {
            throw new InvalidJobException(
                    "the best checkpoint, of epoch " + named.epoch() + ", cannot be used: " + e.getMessage(), e);
        }
    }

    /** {@return the checkpoint whose weights are those of the run: the newest, or the best if it restores its best weights} */
    public Optional<Checkpoint> given() {
        return newest().map(this::given);
    }

    /**
     * {@return the same as {@link #given()}, where the newest one is known}
     * @param newest of this run
     */
    public Checkpoint given(Checkpoint newest) {
        return BestEpoch.in(newest.manifest().progress())
                .filter(BestEpoch::restored)
                .map(this::best)
                .orElse(newest);
    }

    /**
     * {@return the newest sound checkpoint that fits; empty: none at all} Throws {@link InvalidJobException} if there are only others.
     * @param fit what it must fit besides its manifest: see {@link CheckpointReader#newestValid}
     */
    public Optional<Checkpoint> newest(CheckpointFit fit) {
        try {
            return CheckpointReader.newestValid(checkpoints(), startsSoFar().and(fit));
        } catch (IOException e) {
            throw new InvalidJobException(checkpoints() + ": cannot be read: " + FileErrors.reason(e), e);
        } catch (DamagedCheckpointException | ForeignCheckpointException e) {
            throw new InvalidJobException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Raises the fencing number; durable when this returns, before anything of the new start exists. Whoever does not hold the run any
     * more gets {@link InvalidJobException}: else a process that wakes would shut out the one that has taken over.
     *
     * @return the number of the new start, from 1
     */
    public int nextIncarnation() {
        try {
            return lock().guarded(() -> {
                int next = starts() + 1;
                Incarnation.ofRun(path).write(next);
                RunCopy.end(path);
                UnfinishedFiles.removeFromRun(path);
                return next;
            });
        } catch (IOException e) {
            throw new InvalidJobException(FileErrors.reason(e), e);
        }
    }

    RunLock lock() {
        if (lock == null) {
            throw new IllegalStateException(path + " was opened to be looked at");
        }
        return lock;
    }

    /**
     * Writes down for those who stand by where this process is reached, and how it left the run once it has; durable when this returns.
     *
     * @param address {@code host:port}
     * @param end empty while it goes on
     * @throws IOException if that cannot be written, or the run was taken over
     */
    public void directedFrom(String address, Optional<DriverNote.End> end) throws IOException {
        RunLock held = lock();
        held.guarded(() -> {
            new DriverNote(starts(), address, held.text().line().strip(), end).write(path);
            return end;
        });
    }

    /**
     * Writes down in the job to how many epochs the run goes on, if it does not say so; durable when this returns.
     * @param epochs in all, those before included
     */
    public void continueTo(int epochs) {
        change(job -> EPOCHS.matcher(job).replaceFirst(JobKey.EPOCHS.path() + " = " + epochs));
    }

    private void change(UnaryOperator<String> change) {
        try {
            String job = Files.readString(jobFile());
            String changed = change.apply(job);
            if (!changed.equals(job)) {
                write(jobFile(), changed);
            }
        } catch (IOException e) {
            throw new InvalidJobException(jobFile() + ": cannot be written: " + FileErrors.reason(e), e);
        }
    }

    private static Pattern line(JobKey key) {
        return Pattern.compile("^" + key.path() + " = .*$", Pattern.MULTILINE);
    }

    /**
     * Writes down in the job where the run cuts its model from now on; durable when this returns.
     * @param pipeline whose bounds and recomputing stages are written
     */
    public void cutAt(PipelineSpec pipeline) {
        change(job -> RECOMPUTE
                .matcher(BOUNDS.matcher(job)
                        .replaceFirst(JobKey.STAGE_BOUNDS.path() + " = "
                                + pipeline.partition().bounds()))
                .replaceFirst(JobKey.RECOMPUTE.path() + " = " + new Recompute.Stages(pipeline.recomputing())));
    }

    /** Throws {@link InvalidJobException} if {@link #nextIncarnation} would find no number; writes nothing. */
    public void requireNextIncarnation() {
        try {
            starts();
        } catch (IOException e) {
            throw new InvalidJobException(FileErrors.reason(e), e);
        }
    }

    /** How often the run was started; one more start is possible. */
    private int starts() throws IOException {
        Incarnation incarnation = Incarnation.ofRun(path);
        int last = incarnation.exists() ? incarnation.read() : 0;
        for (Checkpoint taken : CheckpointReader.committed(checkpoints())) {
            last = Math.max(last, taken.manifest().incarnation());
        }
        if (last == Integer.MAX_VALUE) {
            throw new IOException(
                    incarnation.file() + ": the run was started " + last + " times, no more are possible");
        }
        return last;
    }

    /** Lets somebody else start the run; a second call does nothing. */
    public void release() {
        if (lock != null) {
            lock.close();
        }
    }

    /**
     * Removes the folder with all that is in it: {@link #create} made it, or found it empty, and the run did not start.
     * Releases it. What tells that this is a run goes last, so that a run of which not all can be removed remains one.
     */
    public void discard() {
        lock();
        try {
            FolderRemoval.remove(path, Set.of(JOB, RunLock.FILE));
        } catch (IOException e) {
            LOG.warn("{}: cannot be removed: {}", path, e.toString());
        } finally {
            release();
        }
    }

    /** Checkpoints of starts that are still to come are no checkpoints; without the number, nothing is known of that. */
    private CheckpointFit startsSoFar() {
        Incarnation incarnation = Incarnation.ofRun(path);
        try {
            return incarnation.exists() ? CheckpointFit.upToStart(incarnation.read()) : CheckpointFit.ANY;
        } catch (IOException e) {
            // Reading a run does not need the number; whoever starts it is told.
            return CheckpointFit.ANY;
        }
    }

    private static void requireEmpty(Path path) {
        try (Stream<Path> entries = Files.list(path)) {
            if (entries.anyMatch(entry -> !isLeftOfStart(String.valueOf(entry.getFileName())))) {
                throw new InvalidJobException("run directory " + path
                        + ": expected an empty or absent folder, found files; choose another, or continue that run"
                        + " with --resume " + path);
            }
        } catch (IOException e) {
            throw new InvalidJobException("run directory " + path + ": cannot be read: " + FileErrors.reason(e), e);
        }
    }

    /** What a start leaves that was killed before there was a job in the folder. */
    private static boolean isLeftOfStart(String name) {
        return name.equals(RunLock.FILE) || UnfinishedFiles.isJob(name);
    }

    private static InvalidJobException cannotBeMade(Path path, IOException e) {
        return new InvalidJobException(
                "run directory " + path + ": cannot be made: " + FileErrors.reason(e)
                        + "; choose a folder that you may write to",
                e);
    }

    private static void write(Path file, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        DurableFile.write(file, out -> out.write(bytes));
    }
}
