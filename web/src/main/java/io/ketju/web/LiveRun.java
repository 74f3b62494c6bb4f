package io.ketju.web;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.model.HeadMetric;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is known of a run so far, in bounded memory. Any thread may ask. */
final class LiveRun {
    private static final int MOST_ROWS = 2000;
    private static final int MOST_LINES = 200;

    private final ThinnedRows steps = new ThinnedRows(MOST_ROWS);
    private final ThinnedRows epochs = new ThinnedRows(MOST_ROWS);
    private final Deque<String> lines = new ArrayDeque<>();
    private long linesSoFar;
    private long version;
    private String status = "waiting for the run";
    private Latest latest = new Latest(0, 0, Double.NaN, Double.NaN, Double.NaN);
    private Optional<RunFacts> facts = Optional.empty();
    private Optional<TimelineSample> sample = Optional.empty();
    private long samples;
    private boolean ended;

    /** The last step. */
    record Latest(long step, int epoch, double loss, double samplesPerSecond, double bubble) {}

    /** What a browser has been told. */
    record Seen(long version, ThinnedRows.Position steps, ThinnedRows.Position epochs, long lines, long samples) {
        static final Seen NOTHING = new Seen(-1, ThinnedRows.Position.NONE, ThinnedRows.Position.NONE, 0, 0);
    }

    /**
     * What is new to a browser.
     *
     * @param facts version of the facts that it goes with, 0 before there are any: a browser that has others asks for them
     * @param stepsFrom in the place of which row the first of the steps is
     * @param sample the newest of what ranks did, if it is
     */
    record News(
            Seen seen,
            int facts,
            String status,
            Latest latest,
            int stepsFrom,
            List<double[]> steps,
            int epochsFrom,
            List<double[]> epochs,
            List<String> lines,
            Optional<TimelineSample> sample,
            boolean ended) {}

    /** All ranks have told what they did in the newest windows. */
    synchronized void saw(TimelineSample newest) {
        sample = Optional.of(newest);
        samples++;
        version++;
    }

    synchronized Optional<RunFacts> facts() {
        return facts;
    }

    /** The folder of the run's folder, where others may be. */
    synchronized Optional<Path> runs() {
        return facts.flatMap(known -> known.job().runDirectory())
                .flatMap(folder -> Optional.ofNullable(folder.toAbsolutePath().getParent()));
    }

    /** Changes whenever there is something new. */
    synchronized long version() {
        return version;
    }

    /** There is no more to come. */
    synchronized void end() {
        ended = true;
        status = "ended";
        version++;
    }

    synchronized void on(TrainingEvent event) {
        version++;
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting ->
                status = "waiting for workers: " + waiting.present() + " of " + waiting.wanted();
            case TrainingEvent.Started started -> {
                become(started.job(), started.workers());
                status = "training";
                say("started with step " + started.firstStep());
                started.job().notes().forEach(note -> say("note: " + note));
            }
            case TrainingEvent.Restarted again -> {
                facts.ifPresent(known -> become(known.job(), again.workers()));
                status = "training";
                say(again.cause() + ": goes on with step " + again.firstStep());
            }
            case TrainingEvent.Repartitioned moved -> {
                become(moved.job(), moved.workers());
                List<Integer> bounds = moved.job().pipeline().partition().bounds();
                say((moved.before().equals(bounds) ? "" : "stages are now " + bounds + ": ") + moved.cause()
                        + "; no step for " + moved.stall());
            }
            case TrainingEvent.StepFinished done -> step(done);
            case TrainingEvent.EpochFinished done -> epoch(done);
            case TrainingEvent.CheckpointCommitted done -> say("checkpoint after step " + done.step());
        }
    }

    /** What ranks did before is not drawn beside stages that are others by now. */
    private void become(TrainingJob job, int workers) {
        facts = Optional.of(RunFacts.of(facts.map(RunFacts::version).orElse(0) + 1, job, workers));
        sample = Optional.empty();
    }

    private void step(TrainingEvent.StepFinished done) {
        latest = new Latest(done.step(), done.epoch(), done.loss(), done.samplesPerSecond(), done.bubble());
        facts.ifPresent(known -> {
            List<Double> row = new ArrayList<>(List.of((double) done.step()));
            row.addAll(values(known, done.metrics()));
            row.addAll(List.of(done.samplesPerSecond(), done.bubble()));
            known.rates().forEach(name -> row.add(done.learningRates().getOrDefault(name, Double.NaN)));
            steps.add(array(row));
        });
    }

    private void epoch(TrainingEvent.EpochFinished done) {
        facts.ifPresent(known -> {
            List<Double> row = new ArrayList<>(List.of((double) done.epoch()));
            row.addAll(values(known, done.train()));
            row.addAll(values(known, done.test()));
            epochs.add(array(row));
        });
        say(String.format(
                Locale.ROOT,
                "epoch %d: train loss %.4f, test loss %.4f, %.2f s",
                done.epoch(),
                done.trainLoss(),
                done.testLoss(),
                done.duration().toNanos() / 1e9));
    }

    private static List<Double> values(RunFacts known, Measured measured) {
        return known.metrics().stream()
                .map(name -> measured.get(name).orElse(Double.NaN))
                .toList();
    }

    private static double[] array(List<Double> row) {
        return row.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private void say(String line) {
        lines.addLast(line);
        linesSoFar++;
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
    }

    /** What a browser has not been told; it is as much whether the browser was slow or not. */
    synchronized News since(Seen seen) {
        int stepsFrom = steps.from(seen.steps());
        int epochsFrom = epochs.from(seen.epochs());
        long unseen = Math.min(lines.size(), linesSoFar - seen.lines());
        return new News(
                new Seen(version, steps.position(), epochs.position(), linesSoFar, samples),
                facts.map(RunFacts::version).orElse(0),
                status,
                latest,
                stepsFrom,
                steps.rows(stepsFrom),
                epochsFrom,
                epochs.rows(epochsFrom),
                lines.stream().skip(lines.size() - unseen).toList(),
                samples == seen.samples() ? Optional.empty() : sample,
                ended);
    }

    /** Names of what a job measures, the loss first; without tables. */
    static List<String> metrics(TrainingJob job) {
        List<String> names = new ArrayList<>(List.of(HeadMetric.LOSS));
        HeadMetric.of(job.model().heads()).stream()
                .filter(metric -> !metric.table())
                .forEach(metric -> names.add(metric.name()));
        return List.copyOf(names);
    }
}
