package io.ketju.testkit;

import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BatchTensors;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.MessageWatch;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.pipeline.stage.StateHash;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every rank of a job hears, runs and says in its first steps, with the values of all tensors: recorded while
 * {@link InProcessRunner} runs all ranks on one thread, with the job's own stages and schedule. That thread decides the order,
 * so a job has one record; whatever else runs the job must send the same.
 *
 * @param ranks by rank
 * @param metrics what each step measured
 * @param stateSha256 of all parameters and optimizer state after the last step
 */
public record RecordedRun(List<RankRecord> ranks, List<WindowMetrics> metrics, String stateSha256) {
    /** Copies both lists. */
    public RecordedRun {
        ranks = List.copyOf(ranks);
        metrics = List.copyOf(metrics);
    }

    /**
     * Records so many steps from the job's seed on.
     *
     * @param job whose first steps are run, on the thread that calls
     * @param steps at least 1; all their tensors are kept on the heap
     * @return a record for each rank
     * @throws IllegalArgumentException if the job has objectives, whose steps are several windows
     */
    public static RecordedRun of(TrainingJob job, int steps) {
        if (!job.pipeline().recipe().objectives().isEmpty()) {
            throw new IllegalArgumentException("expected a job without objectives to record, found "
                    + job.pipeline().recipe().objectives().size() + " of them");
        }
        try (TensorCore core = TensorCore.open(1);
                InProcessRunner runner = new InProcessRunner(job.pipeline(), core);
                BatchTensors batches = new BatchTensors(job.train())) {
            Recorder recorder =
                    new Recorder(runner.computes(), job.pipeline().placement().ranks());
            runner.watch(recorder);
            List<WindowMetrics> metrics = runner.trainStretch(
                    1, steps, index -> batches.read(job.train().plan(index)));
            List<RankRecord> ranks = new ArrayList<>();
            for (int rank = 0; rank < recorder.messages.size(); rank++) {
                Map<String, Tensor> tensors = new LinkedHashMap<>();
                job.pipeline()
                        .placement()
                        .stagesOf(rank)
                        .forEach(stage ->
                                tensors.putAll(runner.computes().get(stage).tensors()));
                ranks.add(new RankRecord(rank, recorder.messages.get(rank), StateHash.digests(tensors)));
            }
            return new RecordedRun(ranks, metrics, runner.stateHash());
        }
    }

    /**
     * {@return what one rank heard, ran and said}
     *
     * @param rank from 0
     */
    public RankRecord rank(int rank) {
        return ranks.get(rank);
    }

    /** Copies what passes by; the numbers of windows are those of the run, the incarnation that of ranks under test. */
    private static final class Recorder implements MessageWatch {
        private final List<StageCompute> computes;
        private final List<List<RankMessage>> messages = new ArrayList<>();

        Recorder(List<StageCompute> computes, int ranks) {
            this.computes = computes;
            for (int rank = 0; rank < ranks; rank++) {
                messages.add(new ArrayList<>());
            }
        }

        @Override
        public void hears(int rank, StageEvent event) {
            switch (event) {
                case StageEvent.WindowGranted granted -> add(rank, new RankMessage.Granted(granted.window()));
                case StageEvent.TensorArrived arrived -> {
                    TensorKey key = arrived.key();
                    int from = computes.get(arrived.stage()).ports().sender(true, key);
                    add(
                            rank,
                            new RankMessage.Arrived(
                                    from,
                                    arrived.stage(),
                                    keyed(key),
                                    Values.of(arrived.lease().tensor())));
                }
                case StageEvent.SumsAgreed agreed ->
                    add(rank, new RankMessage.SumsAgreed(agreed.window(), agreed.sums()));
                case StageEvent.ComputeDone done -> {}
                case StageEvent.OutputReleased released -> {}
                case StageEvent.PredictionReleased released -> {}
                case StageEvent.StageStopped stopped -> {}
                case StageEvent.Aborted aborted -> {}
            }
        }

        @Override
        public void wants(int rank, List<StageEffect> effects) {
            for (StageEffect effect : effects) {
                switch (effect) {
                    case StageEffect.RunCompute run ->
                        add(rank, new RankMessage.Ran(run.window().number(), run.action()));
                    case StageEffect.SendTensor send -> {
                        TensorKey key = send.key();
                        add(
                                rank,
                                new RankMessage.Sent(
                                        send.from(),
                                        send.to(),
                                        keyed(key),
                                        Values.of(send.lease().tensor())));
                    }
                    case StageEffect.ReportSums sums ->
                        add(
                                rank,
                                new RankMessage.SumsMade(
                                        sums.stage(), sums.window().number(), sums.sums()));
                    case StageEffect.FinishWindow finish ->
                        add(
                                rank,
                                new RankMessage.Finished(
                                        finish.stage(), finish.window().number()));
                    case StageEffect.Discard discard -> {}
                }
            }
        }

        private void add(int rank, RankMessage message) {
            messages.get(rank).add(message);
        }

        private static TensorKey keyed(TensorKey key) {
            return new TensorKey(TestedRank.INCARNATION, key.window(), key.kind(), key.microbatch(), key.edge());
        }
    }
}
