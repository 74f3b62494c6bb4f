package io.ketju.actors.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ketju.actors.Ketju;
import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.catalogue.Interleaved1F1B;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StageMemory;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.Cause;
import io.ketju.pipeline.trace.LinkBytes;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.RankLoad;
import io.ketju.pipeline.trace.TracedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever watches a run sees what its ranks did, and changes nothing. */
class WatchedRunTest {
    /** Looks at a run, or has its eyes shut. */
    private record Eyes(boolean open, List<TimelineSample> seen) implements TrainingListener, TimelineWatcher {
        @Override
        public void on(TrainingEvent event) {}

        @Override
        public Optional<TimelineWatcher> timeline() {
            return Optional.of(this);
        }

        @Override
        public boolean watching() {
            return open;
        }

        @Override
        public void saw(TimelineSample sample) {
            seen.add(sample);
        }
    }

    static Stream<JobBuilder> jobs() {
        return Stream.of(
                SmallJobs.tiny().stages(3).threads(2),
                SmallJobs.tiny().stages(1),
                SmallJobs.tiny().stages(4).schedule(new Interleaved1F1B(2)));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void aSampleIsWhatEveryRankDidInTwoSteps(JobBuilder builder) {
        TrainingJob job = builder.build();
        Eyes eyes = new Eyes(true, new ArrayList<>());
        assertThat(Ketju.fit(job, eyes).stateSha256())
                .isEqualTo(Ketju.fit(builder.build()).stateSha256());
        TimelineSample first = eyes.seen().getFirst();
        List<List<Action>> plan = job.pipeline().plan().ranks();
        assertThat(first.ranks()).isEqualTo(plan.size());
        assertThat(first.processes()).hasSize(1);
        ProcessTrace did = first.processes().getFirst();
        assertThat(did.dropped()).isZero();
        for (int rank = 0; rank < plan.size(); rank++) {
            int wanted = rank;
            List<TracedAction> actions = did.actions().stream()
                    .filter(action -> action.rank() == wanted)
                    .toList();
            List<Action> twice = new ArrayList<>(plan.get(rank));
            twice.addAll(plan.get(rank));
            assertThat(actions.stream().map(TracedAction::action)).containsExactlyElementsOf(twice);
            long last = Long.MIN_VALUE;
            for (TracedAction action : actions) {
                assertThat(action.phase()).isEqualTo(Window.Phase.TRAIN);
                assertThat(action.ready()).isGreaterThanOrEqualTo(last);
                assertThat(action.started()).isGreaterThanOrEqualTo(action.ready());
                assertThat(action.ended()).isGreaterThanOrEqualTo(action.started());
                last = action.ended();
            }
        }
    }

    @Test
    void whatWasWaitedForAndWhatTravelledIsThere() {
        Eyes eyes = new Eyes(true, new ArrayList<>());
        Ketju.fit(SmallJobs.tiny().stages(2).build(), eyes);
        ProcessTrace did = eyes.seen().getFirst().processes().getFirst();
        assertThat(did.actions().stream().map(action -> action.cause().reason()))
                .contains(Cause.Reason.ACTIVATION, Cause.Reason.GRADIENT, Cause.Reason.TURN);
        // 4 micro-batches there and back in each of two steps; what is fed arrives besides.
        assertThat(did.sent()).hasSize(2 * 2 * 4);
        assertThat(did.arrived().stream().filter(tensor -> tensor.from() >= 0)).hasSize(2 * 2 * 4);
    }

    /** Of the first two steps, six samples each. */
    @Test
    void whatStagesHoldAndSendIsCounted() {
        TrainingJob job = SmallJobs.tiny().stages(2).build();
        Eyes eyes = new Eyes(true, new ArrayList<>());
        Ketju.fit(job, eyes);
        List<RankLoad> loads = eyes.seen().getFirst().loads();
        assertThat(loads).hasSize(2);
        Value crossing = job.pipeline().program(0).after().edges().getFirst().value();
        // The largest micro-batch has two samples.
        long ofOneSample = job.pipeline().largestTypes().of(crossing).shape().bytes() / 2;
        List<StagePlan> plans = StagePlan.all(job.pipeline());
        for (int rank = 0; rank < 2; rank++) {
            StagePlan plan = plans.get(rank);
            RankLoad load = loads.get(rank);
            assertThat(load.nanos()).isPositive();
            assertThat(load.held()).hasSize(1);
            StageMemory held = load.held().getFirst();
            assertThat(held.stage()).isEqualTo(rank);
            assertThat(held.gradients()).isGreaterThanOrEqualTo(plan.gradientBytes());
            assertThat(held.microbatches()).isGreaterThanOrEqualTo(plan.slots() * plan.slotBytes());
            assertThat(held.slotsUsed()).isBetween(1, plan.slots());
            assertThat(load.sent()).hasSize(1);
            LinkBytes sent = load.sent().getFirst();
            assertThat(List.of(sent.from(), sent.to())).containsExactly(rank, 1 - rank);
            assertThat(sent.bytes()).isEqualTo(2 * 6 * ofOneSample);
        }
    }

    @Test
    void whileNobodyLooksNothingIsTold() {
        Eyes shut = new Eyes(false, new ArrayList<>());
        Ketju.fit(SmallJobs.tiny().stages(2).build(), shut);
        assertThat(shut.seen()).isEmpty();
    }

    /** One rank that does 300 forwards, 300 backwards and a step tells of the last 512. */
    @Test
    void ofVeryManyActionsTheNewestAreTold() {
        TrainingJob job = SmallJobs.tiny()
                .data(new DataSource("custom", SmallJobs.samples("train", 600), SmallJobs.samples("test", 7)))
                .stages(1)
                .microbatches(300)
                .batchSize(300)
                .epochs(1)
                .build();
        Eyes eyes = new Eyes(true, new ArrayList<>());
        Ketju.fit(job, eyes);
        ProcessTrace did = eyes.seen().getFirst().processes().getFirst();
        assertThat(did.actions()).hasSize(2 * 512);
        assertThat(did.actions().get(511).action()).isEqualTo(Action.step(0));
        assertThat(did.dropped()).isEqualTo(2 * (601 - 512));
        assertThat(did.arrived()).hasSize(2 * 256);
    }

    @Test
    void aWatcherThatThrowsEndsTheRunAndIsItsCause() {
        TrainingListener broken = new TrainingListener() {
            @Override
            public void on(TrainingEvent event) {}

            @Override
            public Optional<TimelineWatcher> timeline() {
                return Optional.of(new TimelineWatcher() {
                    @Override
                    public boolean watching() {
                        return true;
                    }

                    @Override
                    public void saw(TimelineSample sample) {
                        throw new IllegalStateException("I cannot look at this");
                    }
                });
            }
        };
        assertThatExceptionOfType(TrainingFailedException.class)
                .isThrownBy(() -> Ketju.fit(SmallJobs.tiny().stages(2).build(), broken))
                .withMessageContaining("a listener failed on a sample of the timeline")
                .havingRootCause()
                .withMessage("I cannot look at this");
    }
}
