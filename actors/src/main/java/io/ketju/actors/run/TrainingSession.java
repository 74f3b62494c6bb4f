package io.ketju.actors.run;

import io.ketju.actors.checkpoint.CheckpointHash;
import io.ketju.actors.job.HandedBatches;
import io.ketju.actors.job.JobBatches;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BadDataException;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Plural;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Training step by step: the caller hands over one mini-batch after another and says what is done with it, in any order.
 * The stages, and the bits, are those of a run that does the same. Every call returns when it is done; between calls the
 * stages wait. One thread at a time: a call during another one is refused, but {@link #close} may come at any time.
 *
 * <p>A mini-batch is named tensors: {@code Map.of("input", TensorValues.of(inputs, 32, 784), "target",
 * TensorValues.of(classes, 32))}, all of its samples outermost; the names are those of the model's inputs and of its
 * losses' targets. It is cut into micro-batches as the job says. One that the model does not take is refused with one line
 * ({@link BadDataException}) before anything runs, and the session goes on: so is a class, a token or a length
 * out of range, where an input or a target is read as such. Constants come with the first mini-batch of a session; in later
 * ones they are not read.
 *
 * <p>If the run behind it fails, every call throws what {@link Training#await} would. Interrupts do not cut a call short;
 * the thread's interrupt flag stays set.
 */
public final class TrainingSession implements AutoCloseable {
    private final TrainingJob job;
    private final ActorTraining training;
    private final SessionSequence sequence;
    private final HandedBatches batches;
    private final JobBatches windows;
    private final SessionNeeds needs;
    private final SessionOutputs outputs;
    private final SessionReports reports;
    private final RunSetup setup;
    private final ReentrantLock call = new ReentrantLock();
    private long nextBatch;

    TrainingSession(ActorTraining training, SessionSequence sequence, SessionOutputs outputs, SessionReports reports) {
        this.outputs = outputs;
        this.reports = reports;
        this.setup = training.setup();
        this.job = setup.job();
        this.training = training;
        this.sequence = sequence;
        this.batches = (HandedBatches) job.train();
        this.windows = new JobBatches(job);
        this.needs = new SessionNeeds(job.pipeline());
    }

    /**
     * One optimizer step: where the job has objectives, a window for each of them in turn.
     *
     * @param batch inputs and targets by name, at most as many samples as the job's mini-batches have
     * @return mean loss and metrics over the mini-batch, before the step
     * @throws BadDataException with one line if the model does not take it
     * @throws IllegalStateException if the job has no more steps, the session has ended, or another call goes on
     */
    public Measured step(Map<String, TensorValues> batch) {
        int objectives = Math.max(1, job.pipeline().recipe().objectives().size());
        return train(IntStream.range(0, objectives).boxed().toList(), batch);
    }

    /**
     * One optimizer step for one of the job's objectives alone. It counts as a step like any other.
     *
     * @param objective its name
     * @param batch what no head of the objective needs may be left out
     * @return mean loss and metrics of the objective's heads, before the step
     * @throws BadDataException with one line if the model does not take the mini-batch
     * @throws IllegalArgumentException if the job has no objective of this name
     * @throws IllegalStateException if the job has no more steps, the session has ended, or another call goes on
     */
    public Measured step(String objective, Map<String, TensorValues> batch) {
        List<String> known = job.pipeline().recipe().objectives().stream()
                .map(Objective::name)
                .toList();
        if (!known.contains(objective)) {
            throw new IllegalArgumentException("no objective '" + objective + "'; there are " + known);
        }
        return train(List.of(known.indexOf(objective)), batch);
    }

    /**
     * Reports a number that the run cannot measure itself, such as the mean return of the games that the next step learns from:
     * listeners hear it with that step, and so {@link #step} returns it, among what its windows measured.
     *
     * @param name of a {@link io.ketju.layers.loss.Reported} metric of a loss, as it is told: {@code return}, and with several heads {@code
     *     policy/return}
     * @param value finite; the last before a step counts
     * @throws IllegalArgumentException if no loss has such a metric, or the value is not finite
     */
    public void report(String name, double value) {
        reports.take(name, value);
    }

    /**
     * Has the next steps take another of the job's schedules: see {@link Training#schedule}.
     *
     * @param next one of those schedules, by its name
     * @throws IllegalArgumentException with one line if the job does not name it
     */
    public void schedule(Schedule next) {
        training.schedule(next);
    }

    /**
     * {@return mean loss and metrics over the mini-batch; nothing is learnt}
     *
     * @param batch inputs and targets by name, at most as many samples as the job's mini-batches have
     * @throws BadDataException with one line if the model does not take it
     * @throws IllegalStateException if the session has ended, or another call goes on
     */
    public Measured evaluate(Map<String, TensorValues> batch) {
        return exclusively(() -> {
            hand(Window.Phase.EVALUATE, List.of(0), batch);
            return measured(sequence.evaluate(nextBatch));
        });
    }

    /**
     * {@return the model's outputs as they are, by name, samples outermost; nothing is learnt}
     *
     * @param batch inputs by name, at most as many samples as the job's mini-batches have; targets may be left out
     * @throws BadDataException with one line if the model does not take it
     * @throws IllegalStateException if the session has ended, or another call goes on
     */
    public SequencedMap<String, TensorValues> predict(Map<String, TensorValues> batch) {
        return exclusively(() -> {
            hand(Window.Phase.PREDICT, List.of(0), batch);
            Window window = windows.window(
                    sequence.nextNumber(),
                    Window.Phase.PREDICT,
                    0,
                    sequence.steps(),
                    windows.plan(Window.Phase.PREDICT, nextBatch));
            List<String> names = job.model().outputNames();
            List<TensorValues> values = outputs.of(window, () -> measured(sequence.predict(nextBatch)));
            SequencedMap<String, TensorValues> named = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                named.put(names.get(i), values.get(i));
            }
            return named;
        });
    }

    /** {@return the number of optimizer steps taken so far; those of the run that was resumed count} */
    public long steps() {
        return sequence.steps();
    }

    /**
     * Writes a checkpoint, unless there is one of this very state.
     *
     * @return the steps it has seen
     * @throws IllegalStateException if the session has ended, or another call goes on
     */
    public long checkpoint() {
        return exclusively(this::checkpointed);
    }

    /** {@return a copy of the model as it is now, for predictions; the caller closes it} */
    public TrainedModel model() {
        return exclusively(() -> {
            long step = checkpointed();
            return Shield.call(
                    "model",
                    () -> setup.directory()
                            .newest()
                            .map(found -> SavedModels.load(job, found.directory()))
                            .orElseGet(() -> initial(step)));
        });
    }

    /**
     * Writes the weights as they are now, without optimizer state, as safetensors under PyTorch's names.
     *
     * @param file replaced, if there is one, when the new one is whole
     * @throws IOException if it cannot be written
     */
    public void save(Path file) throws IOException {
        try (TrainedModel model = model()) {
            model.save(file);
        }
    }

    /** {@return SHA-256 (hex) of all parameters and optimizer state as they are now: equal runs have equal hashes} */
    public String stateSha256() {
        return exclusively(() -> {
            long step = checkpointed();
            return Shield.call(
                    "hash",
                    () -> setup.directory().newest().map(CheckpointHash::of).orElseGet(() -> {
                        requireNoSteps(step);
                        return InitialTraining.hash(job);
                    }));
        });
    }

    /**
     * Ends the run and frees everything. If it is kept in a folder, its last state is kept there, weights and all; throws
     * what {@link Training#await} throws if that cannot be done. Where the run has failed before, and at a second call,
     * nothing more is done or said.
     */
    @Override
    public void close() {
        try {
            if (!setup.temporary() && !training.isDone()) {
                sequence.end();
                training.continueSequence();
                training.await();
            }
        } finally {
            training.close();
        }
    }

    private Measured train(List<Integer> objectives, Map<String, TensorValues> batch) {
        return exclusively(() -> {
            if (sequence.steps() == job.totalSteps()) {
                throw new IllegalStateException(
                        "the job has only " + Plural.of(job.totalSteps(), "step") + ", and all of them are taken");
            }
            hand(Window.Phase.TRAIN, objectives, batch);
            Map<String, Double> reported = reports.begin(sequence.steps() + 1);
            return measured(sequence.train(objectives, nextBatch)).with(reported);
        });
    }

    /** What is wrong with the mini-batch as the model takes it shows here, before any stage hears of it. */
    private void hand(Window.Phase phase, List<Integer> objectives, Map<String, TensorValues> batch) {
        boolean trains = phase == Window.Phase.TRAIN;
        batches.hand(
                nextBatch, new NamedValues(new TreeMap<>(batch)), needs.of(phase, objectives, nextBatch == 0), trains);
        try {
            for (int objective : objectives) {
                windows.window(nextBatch, phase, objective, sequence.steps(), windows.plan(phase, nextBatch));
            }
        } catch (RuntimeException e) {
            batches.takeBack(nextBatch);
            throw e;
        }
    }

    private Measured measured(CompletableFuture<WindowMetrics> asked) {
        training.continueSequence();
        WindowMetrics metrics = training.await(asked);
        batches.takeBack(nextBatch++);
        return Measured.of(metrics, job.model());
    }

    private long checkpointed() {
        CompletableFuture<Long> wanted = sequence.checkpoint();
        training.continueSequence();
        return training.await(wanted);
    }

    private TrainedModel initial(long step) {
        requireNoSteps(step);
        return SavedModels.initial(job);
    }

    private static void requireNoSteps(long step) {
        if (step > 0) {
            throw new IllegalStateException("no checkpoint after step " + step);
        }
    }

    private <T> T exclusively(Supplier<T> work) {
        training.requireRunning();
        if (call.isHeldByCurrentThread() || !call.tryLock()) {
            throw new IllegalStateException("another call of this session goes on: one at a time");
        }
        try {
            return work.get();
        } finally {
            call.unlock();
        }
    }
}
