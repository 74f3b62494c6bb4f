package io.ketju.actors.job;

import io.ketju.data.BatchSource;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.TranslationBleu;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One training run, validated whole: if an instance exists, it can start. Immutable. The numbers that come out depend on model, data,
 * loss (not on what is measured beside it), optimizer, learning-rate schedule, batch size, micro-batch count, epochs, seed and initial
 * state; they depend on neither schedule, stages, threads, nor on where it runs.
 *
 * @param name what the run is called
 * @param model the checked model
 * @param source where the model came from
 * @param datasets training and test samples; empty where batches are made in code
 * @param train mini-batches that are learnt from
 * @param test mini-batches that are evaluated after each data epoch
 * @param epochs passes over the training data
 * @param pipeline everything that decides the numbers and the order of work
 * @param threads compute threads per JVM
 * @param runDirectory where checkpoints, weights and metrics are kept; empty: nothing is kept on disk
 * @param checkpoints how often there are some, and how many are kept; the last epoch always ends with one
 * @param traced whether the run keeps when everything happened, in its folder
 * @param maxRestarts how often within an hour a run over several processes goes on by itself after it lost a worker; 0: never
 * @param rebalance when the run cuts the model anew by itself, by what its stages take; empty: never
 * @param bestEpoch which of its epochs is its best, and what follows from it
 * @param initialState what it starts from in place of its seed
 * @param resume a run directory to continue from its newest valid checkpoint
 */
public record TrainingJob(
        String name,
        ModelSource source,
        Model model,
        Optional<DataSource> datasets,
        BatchSource train,
        Optional<BatchSource> test,
        int epochs,
        PipelineSpec pipeline,
        int threads,
        Optional<Path> runDirectory,
        JobCheckpoints checkpoints,
        boolean traced,
        int maxRestarts,
        Optional<Rebalance> rebalance,
        Optional<BestEpochRule> bestEpoch,
        Optional<InitialState> initialState,
        Optional<Path> resume) {
    /** {@link #maxRestarts} of a job that says nothing of it. */
    public static final int USUAL_RESTARTS = 10;

    private static final int LONGEST_LINE = 199;

    /**
     * {@return training and test samples}
     *
     * @throws IllegalStateException where batches are made in code
     */
    public DataSource data() {
        return datasets.orElseThrow(() -> new IllegalStateException(
                "job '" + name + "' has no data set: the batches of '" + train.name() + "' are made in code"));
    }

    /** The same with another cut, or another order of work. */
    TrainingJob withPipeline(PipelineSpec other) {
        return new TrainingJob(
                name,
                source,
                model,
                datasets,
                train,
                test,
                epochs,
                other,
                threads,
                runDirectory,
                checkpoints,
                traced,
                maxRestarts,
                rebalance,
                bestEpoch,
                initialState,
                resume);
    }

    /** {@return the loss that the recipe names; of a model with heads of its own, that of the first} */
    public Loss loss() {
        return pipeline.recipe().loss();
    }

    /** {@return what updates the weights that are in no parameter group} */
    public Optimizer optimizer() {
        return pipeline.recipe().optimizer();
    }

    /** {@return whether a folder keeps the run} */
    public boolean kept() {
        return runDirectory.isPresent() || resume.isPresent();
    }

    /**
     * {@return whether stages keep memory for a copy of what they learn, so that training goes on while a checkpoint is written}
     * That is in a run that is kept and takes more than its last one. A session waits for its checkpoints.
     */
    public boolean writesBehind() {
        return kept() && copiesWhereKept();
    }

    /** {@return whether the job {@link #writesBehind} if a folder keeps the run} */
    public boolean copiesWhereKept() {
        boolean several = checkpoints.beforeTheEnd(epochs, totalSteps()) || (bestEpoch.isPresent() && epochs > 1);
        return several && !translates() && !(train instanceof HandedBatches);
    }

    /** {@return whether test sentences are translated after each epoch, to measure how well} */
    public boolean translates() {
        return pipeline.model().heads().stream()
                .flatMap(head -> head.metrics().stream())
                .anyMatch(TranslationBleu.class::isInstance);
    }

    /** {@return the folder that the trace of the run is kept in, if it is traced} */
    public Optional<Path> traces() {
        return traced ? runDirectory.or(() -> resume) : Optional.empty();
    }

    /** {@return how the learning rate changes; of a job with objectives, each has its own} */
    public LearningRateSchedule learningRateSchedule() {
        return pipeline.recipe().learningRateSchedule();
    }

    /** {@return in which order ranks work; of a set, all that the run may take} */
    public Schedule schedule() {
        return pipeline.schedule();
    }

    /** {@return samples of a full optimizer step, over all the mini-batches that it accumulates} */
    public int batchSize() {
        return pipeline.batchSize();
    }

    /** {@return mini-batches that a step is over; {@link #batchSize} and {@link #microbatches} are those of all of them} */
    public int accumulate() {
        return pipeline.recipe().rules().accumulate();
    }

    /** {@return micro-batches of a full optimizer step, over all the mini-batches that it accumulates} */
    public int microbatches() {
        return pipeline.microbatches();
    }

    /** {@return the seed of initial values, the order of samples and all else that is random} */
    public long seed() {
        return pipeline.recipe().seed();
    }

    /** {@return stages of one pipeline} */
    public int stages() {
        return pipeline.stages();
    }

    /** {@return optimizer steps of one data epoch; the last mini-batch may be ragged} */
    public int stepsPerEpoch() {
        return train.stepsPerEpoch();
    }

    /**
     * What is legal but should be known, one line each: losses that work against each other without objectives,
     * weights that a file does not give, and classes of which the training or the test data has no sample.
     * Reads every target of a data set once.
     *
     * @return mostly none
     */
    public List<String> notes() {
        return JobNotes.of(this);
    }

    /** {@return data epochs from one count of how weights and gradients lie to the next; 0: none is counted} */
    public int histogramEpochs() {
        long steps = pipeline.recipe().rules().histogramSteps();
        return steps == 0 ? 0 : Math.toIntExact(steps / stepsPerEpoch());
    }

    /** {@return optimizer steps of the whole job} */
    public long totalSteps() {
        return (long) stepsPerEpoch() * epochs;
    }

    /** One line: {@code job 'run': lenet on fashion-mnist-5k/train, Adam(lr=0.001), 2 epochs of batch 64, 3 stages}. */
    @Override
    public String toString() {
        String line = "job '" + Excerpt.of(name) + "': " + Excerpt.of(source.name()) + " on " + Excerpt.of(train.name())
                + ", "
                + Excerpt.of(optimizer().spec()) + ", " + Plural.of(epochs, "epoch") + " of batch " + batchSize() + ", "
                + Plural.of(stages(), "stage");
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE - 3) + "...";
    }
}
