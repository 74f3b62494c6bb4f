package io.ketju.actors.job;

import io.ketju.pipeline.stage.ParameterHistograms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** What a run tells its listeners, in the order in which it happens. */
public sealed interface TrainingEvent {
    /**
     * A run over a cluster cannot begin yet, or begin again: not enough workers are there. Told at once, and again whenever their
     * number changes.
     *
     * @param seedNodes where workers meet: {@code host:port}
     * @param wanted workers that the run waits for
     * @param present workers that are there
     * @param patience how long they are waited for, from the first of these events on
     * @param cause one line: what a run that has begun lost, or why it goes on elsewhere; empty: it has not begun
     */
    record WaitingForWorkers(List<String> seedNodes, int wanted, int present, Duration patience, String cause)
            implements TrainingEvent {
        /** Copies the list. */
        public WaitingForWorkers {
            seedNodes = List.copyOf(seedNodes);
        }

        /**
         * Of a run that has not begun.
         *
         * @param seedNodes where workers meet: {@code host:port}
         * @param wanted workers that the run waits for
         * @param present workers that are there
         * @param patience how long they are waited for in all
         */
        public WaitingForWorkers(List<String> seedNodes, int wanted, int present, Duration patience) {
            this(seedNodes, wanted, present, patience, "");
        }

        /**
         * The same of a run that is between two starts.
         *
         * @param line why it waits
         * @return with that cause
         */
        public WaitingForWorkers because(String line) {
            return new WaitingForWorkers(seedNodes, wanted, present, patience, line);
        }
    }

    /**
     * All stages are placed and connected; the first mini-batch is about to be granted.
     *
     * @param job of the run
     * @param firstStep the first step that will be taken: 1, or one after the checkpoint that was resumed
     * @param workers JVMs that hold stages
     */
    record Started(TrainingJob job, long firstStep, int workers) implements TrainingEvent {}

    /**
     * The run lost workers and goes on by itself from its newest checkpoint, as a start of its own. Steps and epochs that were
     * told before are taken again, to the same bits, and not told again.
     *
     * @param cause one line: what was lost, and when
     * @param firstStep the first step that will be taken
     * @param restarts how often that has happened since the run was started
     * @param workers JVMs that hold stages now
     */
    record Restarted(String cause, long firstStep, int restarts, int workers) implements TrainingEvent {}

    /**
     * The run goes on with other stages: layers have moved between them, with all that they have learnt, at a step boundary. Or with
     * the same on other workers, as one is about to go, or others have come in the place of lost ones. No step is taken twice, and the
     * numbers are those of a run that was never touched.
     *
     * @param job as it is from now on: its cut is another, unless it is a worker's stages that have moved
     * @param before where stages began and ended until now, as {@link io.ketju.pipeline.partition.Partition#bounds}
     * @param cause one line: who wanted it, what was measured, which worker has left and who has its stages, or which has come
     * @param firstStep the first step that will be taken
     * @param workers JVMs that hold stages now
     * @param stall how long no step was taken
     */
    record Repartitioned(TrainingJob job, List<Integer> before, String cause, long firstStep, int workers, Stall stall)
            implements TrainingEvent {
        /** Copies the list. */
        public Repartitioned {
            before = List.copyOf(before);
        }
    }

    /**
     * One optimizer step is done on all stages.
     *
     * @param step counts from 1
     * @param epoch data epoch, from 1
     * @param metrics mean loss and metrics over the mini-batch, before the step
     * @param samples samples in the mini-batch
     * @param samplesPerSecond over the last second or so
     * @param bubble share of the compute threads' time that no stage used, over the same time: 0 to 1
     * @param learningRates of the job's optimizer in this step, as schedules have them, also one that watches the run: {@code
     *     learning_rate}, or one for each objective, {@code generator/learning_rate}. Parameter groups with an optimizer of their own have
     *     rates that follow the same schedule
     */
    record StepFinished(
            long step,
            int epoch,
            Measured metrics,
            int samples,
            double samplesPerSecond,
            double bubble,
            SequencedMap<String, Double> learningRates)
            implements TrainingEvent {
        /** Copies the map, in its order. */
        public StepFinished {
            learningRates = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(learningRates));
        }

        /** {@return what was measured, and the learning rates behind it: the numbers of a step by their names} */
        public Measured numbers() {
            SequencedMap<String, Double> all = new LinkedHashMap<>(metrics.values());
            all.putAll(learningRates);
            return new Measured(all, metrics.tables());
        }

        /** {@return mean loss over the mini-batch, before the step} */
        public double loss() {
            return metrics.loss();
        }
    }

    /**
     * All training samples were seen once more, and the test samples were evaluated.
     *
     * @param epoch data epoch, from 1
     * @param train mean loss and metrics over the epoch's samples, each before its step; after a resume within the epoch
     *     over those since then
     * @param test mean loss and metrics over the test samples
     * @param duration of the epoch, its evaluation included
     * @param histograms how weights and gradients lay after the epoch's last step, in the order of the model's parameters; none
     *     unless the job asks for them, in the epochs that it asks for
     */
    record EpochFinished(
            int epoch, Measured train, Measured test, Duration duration, List<ParameterHistograms> histograms)
            implements TrainingEvent {
        /** Copies the list. */
        public EpochFinished {
            histograms = List.copyOf(histograms);
        }

        /**
         * Without histograms.
         *
         * @param epoch data epoch, from 1
         * @param train mean loss and metrics over the epoch's samples, each before its step
         * @param test mean loss and metrics over the test samples
         * @param duration of the epoch, its evaluation included
         */
        public EpochFinished(int epoch, Measured train, Measured test, Duration duration) {
            this(epoch, train, test, duration, List.of());
        }

        /** {@return mean loss over the epoch's samples, each before its step; NaN if nothing was measured} */
        public double trainLoss() {
            return train.loss();
        }

        /** {@return mean loss over the test samples; NaN where nothing is evaluated} */
        public double testLoss() {
            return test.loss();
        }
    }

    /**
     * A checkpoint is committed: it survives a crash from now on.
     *
     * @param step optimizer steps taken when its state was
     * @param directory its folder
     */
    record CheckpointCommitted(long step, Path directory) implements TrainingEvent {}
}
